import { execFileSync } from 'node:child_process';
import { mkdirSync, realpathSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { afterAll, describe, expect, it } from 'vitest';
import type { SealedSource } from '../../src/sources/byte-source.js';
import { openSource } from '../../src/sources/open-source.js';
import { isHeldOpen, LISTS_OPEN_FILES } from '../support/held-open.js';
import { onlyWhere } from '../support/prerequisite.js';
import { makeTempFolder } from '../support/temp-folder.js';

const never = new AbortController().signal;
const bytes = Buffer.from('0123456789');
const folder = await makeTempFolder();
afterAll(async () => {
  await handle.close();
  rmSync(folder, { recursive: true });
});
const path = join(folder, 'file');
writeFileSync(path, bytes);
const handle = await open(path);

describe('a source of', () => {
  it.each<[string, () => Promise<SealedSource>]>([
    ['a path', async () => path],
    ['a file: URL', async () => pathToFileURL(path)],
    ['an open file', async () => handle],
    ['bytes', async () => bytes],
    [
      'bytes of another realm',
      async () => runInNewContext('Uint8Array.from("0123456789", (c) => c.charCodeAt(0))'),
    ],
    [
      'its own kind',
      async () => ({ size: async () => 10, read: async (a: number, b: number) => bytes.subarray(a, b) }),
    ],
  ])('%s', async (_, make) => {
    const source = await openSource(await make());
    expect(await source.size(never)).toBe(10);
    expect(Buffer.from(await source.read(3, 7, never)).toString()).toBe('3456');
    expect(Buffer.from(await source.read(0, 10, never)).toString()).toBe('0123456789');
    await source.close?.();
  });

  it.each<[string, SealedSource]>([
    ['nothing', undefined as never],
    ['null', null as never],
    ['a number', 7 as never],
    ['an object', {} as never],
    ['another URL', new URL('https://example.com/x')],
    ['half of one', { size: async () => 1 } as never],
  ])('%s is refused', async (_, source) => {
    await expect(openSource(source)).rejects.toMatchObject({
      name: 'TypeError',
      code: 'ERR_SEALPIPE_OPTIONS',
    });
  });

  it('a FIFO or a folder is refused at once', async () => {
    const fifo = join(folder, 'fifo');
    execFileSync('mkfifo', [fifo]);
    mkdirSync(join(folder, 'folder'));
    for (const name of ['fifo', 'folder']) {
      await expect(openSource(join(folder, name))).rejects.toMatchObject({ code: 'ERR_SEALPIPE_OPTIONS' });
    }
    await expect(openSource(join(folder, 'gone'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a file that is read from anywhere', () => {
  it('is not held open once it is closed or refused', async (context) => {
    onlyWhere(context, LISTS_OPEN_FILES, 'the system does not list open files');
    const refused = join(folder, 'refused');
    const taken = join(folder, 'taken');
    mkdirSync(refused);
    writeFileSync(taken, bytes);
    await expect(openSource(refused)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_OPTIONS' });
    expect(isHeldOpen(realpathSync(refused))).toBe(false);
    const source = await openSource(taken);
    expect(isHeldOpen(realpathSync(taken))).toBe(true);
    await source.close?.();
    expect(isHeldOpen(realpathSync(taken))).toBe(false);
  });

  it('stays the file that was opened, even if another file gets its name', async () => {
    const moved = join(folder, 'moved');
    writeFileSync(moved, 'before');
    const source = await openSource(moved);
    writeFileSync(`${moved}.new`, 'behind');
    renameSync(`${moved}.new`, moved);
    expect(Buffer.from(await source.read(0, 6, never)).toString()).toBe('before');
    await source.close?.();
  });

  it('answers fewer bytes if it became shorter', async () => {
    const short = join(folder, 'short');
    writeFileSync(short, bytes);
    const source = await openSource(short);
    truncateSync(short, 4);
    expect(Buffer.from(await source.read(2, 9, never)).toString()).toBe('23');
    await source.close?.();
  });

  it('that was given open stays open, at the same position', async () => {
    const source = await openSource(handle);
    await source.read(5, 10, never);
    await source.close?.();
    expect((await handle.read(Buffer.alloc(3), 0, 3, null)).buffer.toString()).toBe('012');
  });
});
