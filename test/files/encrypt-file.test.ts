import { closeSync, openSync } from 'node:fs';
import { chmod, open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { decrypt, decryptFile, encryptFile, readHeader, SealpipeError } from '../../src/index.js';
import { altered } from '../support/altered-provider.js';
import { patterned } from '../support/pieces.js';
import { onlyWhere } from '../support/prerequisite.js';
import { expectQuietProcess } from '../support/quiet-process.js';
import { tempFolder } from '../support/temp-folder.js';
import { keys } from '../support/test-keys.js';

expectQuietProcess();

const SIZE = 3_000_000;
const plaintext = patterned(SIZE);
const LAYOUTS = ['fixed', 'record'] as const;
const denied = altered(keys, {
  generate: () => Promise.reject(new SealpipeError('ERR_SEALPIPE_KEY_DENIED', 'no')),
});
let folder: string;
const at = (name: string) => join(folder, name);

beforeEach(async () => {
  folder = await tempFolder();
  await writeFile(at('plain'), plaintext);
});

describe.each(LAYOUTS)('a file in the layout %s', (layout) => {
  it('comes back the same by paths, with a report that is plain JSON', async () => {
    const sealed = await encryptFile(at('plain'), at('sealed'), { keys, layout });
    const size = (await stat(at('sealed'))).size;
    expect(sealed).toMatchObject({ layout, suite: 'AES-256-GCM', bytesIn: SIZE, bytesOut: size });
    expect(sealed).toMatchObject({ recipient: { provider: 'raw', key: 'test' } });
    const opened = await decryptFile(at('sealed'), at('back'), { keys });
    expect(opened).toMatchObject({ layout, bytesIn: size, bytesOut: SIZE, frames: sealed.frames });
    expect(JSON.parse(JSON.stringify([sealed, opened]))).toEqual([sealed, opened]);
    expect(plaintext.equals(await readFile(at('back')))).toBe(true);
    expect((await readdir(folder)).sort()).toEqual(['back', 'plain', 'sealed']);
  });

  it('may be empty', async () => {
    await writeFile(at('empty'), '');
    await encryptFile(at('empty'), at('sealed'), { keys, layout });
    expect(await decryptFile(at('sealed'), at('back'), { keys })).toMatchObject({ bytesOut: 0 });
    expect((await stat(at('back'))).size).toBe(0);
  });

  it('is sealed and opened by URLs, handles and descriptors, which stay open and are written where they stand', async () => {
    await encryptFile(pathToFileURL(at('plain')), pathToFileURL(at('sealed')), { keys, layout });
    const source = openSync(at('sealed'), 'r');
    const sink = await open(at('back'), 'w+');
    await sink.write('before');
    await decryptFile(source, sink, { keys });
    await sink.write('after');
    const back = await readFile(at('back'));
    expect(back.equals(Buffer.concat([Buffer.from('before'), plaintext, Buffer.from('after')]))).toBe(true);
    closeSync(source);
    await sink.close();
  });

  it('is not written over without `overwrite`, and is as it was if a run fails', async () => {
    await writeFile(at('sealed'), 'old');
    const again = () => encryptFile(at('plain'), at('sealed'), { keys, layout });
    await expect(again()).rejects.toMatchObject({ code: 'ERR_SEALPIPE_EXISTS' });
    const failing = encryptFile(at('plain'), at('sealed'), { keys: denied, layout, overwrite: true });
    await expect(failing).rejects.toMatchObject({ code: 'ERR_SEALPIPE_KEY_DENIED' });
    expect(await readFile(at('sealed'), 'utf8')).toBe('old');
    expect((await readdir(folder)).sort()).toEqual(['plain', 'sealed']);
    await encryptFile(at('plain'), at('sealed'), { keys, layout, overwrite: true });
    expect(plaintext.equals(await decrypt(await readFile(at('sealed')), { keys }))).toBe(true);
  });

  it('tells of its header before anything is written, and of progress with the total', async () => {
    const told: string[] = [];
    const options = {
      keys,
      layout,
      onHeader: () => told.push('header'),
      onProgress: ({ total }: { total?: number | undefined }) => told.push(`of ${total}`),
    };
    await encryptFile(at('plain'), at('sealed'), options);
    expect(told[0]).toBe('header');
    expect(new Set(told.slice(1))).toEqual(new Set([`of ${SIZE}`]));
  });

  it('leaves nothing behind if it is aborted before its first byte', async () => {
    const stop = new AbortController();
    const hanging = altered(keys, { generate: () => new Promise<never>(() => undefined) });
    const run = encryptFile(at('plain'), at('sealed'), { keys: hanging, layout, signal: stop.signal });
    setTimeout(() => stop.abort('enough'), 20);
    await expect(run).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
    expect(await readdir(folder)).toEqual(['plain']);
  });

  it('leaves nothing behind if the sealed file is damaged or cut', async () => {
    await encryptFile(at('plain'), at('sealed'), { keys, layout });
    const sealed = await readFile(at('sealed'));
    await writeFile(at('cut'), sealed.subarray(0, sealed.length - 1));
    sealed[sealed.length - 1]! ^= 1;
    await writeFile(at('damaged'), sealed);
    for (const name of ['cut', 'damaged']) {
      await expect(decryptFile(at(name), at('back'), { keys })).rejects.toMatchObject({
        code: expect.stringMatching(/AUTHENTICATION|TRUNCATED/),
      });
    }
    expect((await readdir(folder)).sort()).toEqual(['cut', 'damaged', 'plain', 'sealed']);
  });

  it('is never more open than what it was made of', async (context) => {
    onlyWhere(context, process.platform !== 'win32', 'Windows has no modes');
    await chmod(at('plain'), 0o600);
    await encryptFile(at('plain'), at('sealed'), { keys, layout });
    expect((await stat(at('sealed'))).mode & 0o777).toBe(0o600);
    await chmod(at('sealed'), 0o640);
    await decryptFile(at('sealed'), at('back'), { keys });
    expect((await stat(at('back'))).mode & 0o777 & ~0o640).toBe(0);
  });
});

describe('what becomes of the output if a run fails half-way', () => {
  const refusing = { keys, confirm: () => Promise.reject(new Error('the source died')) };

  it('in the fixed layout: nothing is left', async () => {
    const run = encryptFile(at('plain'), at('sealed'), refusing);
    await expect(run).rejects.toMatchObject({ code: 'ERR_SEALPIPE_CONFIRM' });
    expect(await readdir(folder)).toEqual(['plain']);
  });

  it('in the record layout: it has had its name since the preamble, and stays without a last frame', async () => {
    const run = encryptFile(at('plain'), at('sealed'), { ...refusing, layout: 'record' });
    await expect(run).rejects.toMatchObject({ code: 'ERR_SEALPIPE_CONFIRM' });
    expect((await readdir(folder)).sort()).toEqual(['plain', 'sealed']);
    const left = await readFile(at('sealed'));
    expect((await readHeader(left)).layout).toBe('record');
    await expect(decrypt(left, { keys })).rejects.toMatchObject({ code: 'ERR_SEALPIPE_TRUNCATED' });
  });
});
