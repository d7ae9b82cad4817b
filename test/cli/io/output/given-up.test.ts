import { link, mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { onlyWhere } from '../../../support/prerequisite.js';
import type { Place } from '../../support/command.js';
import { makePlace } from '../../support/command.js';
import type { Running } from '../../support/running.js';
import { command, hasTemporary, KEY_TEXT, namesIn, start, until } from '../../support/running.js';

beforeEach((context) => onlyWhere(context, process.platform !== 'win32', 'signals are for POSIX'));

/** A command that has written some plaintext of a stream that has not ended. */
interface Opening extends Place, Running {
  readonly out: string;
  /** The temporary file. */
  readonly temporary: string;
}

async function opening(): Promise<Opening> {
  const place = await makePlace();
  const at = (name: string) => join(place.folder, name);
  await writeFile(at('k'), KEY_TEXT, { mode: 0o600 });
  await writeFile(at('a'), Buffer.alloc(400_000, 's'));
  await mkdir(at('out'));
  expect(await command(['encrypt', '-k', 'file:k', 'a', '-o', 's'], place)).toMatchObject({ status: 0 });
  const running = start(['decrypt', '-k', 'file:k', '-o', 'out/a'], place);
  running.child.stdin?.write((await readFile(at('s'))).subarray(0, 300_000));
  await until(() => hasTemporary(at('out')), 'a temporary file');
  const [name] = await readdir(at('out'));
  const temporary = join(at('out'), name!);
  await until(async () => (await stat(temporary)).size > 200_000, 'plaintext');
  return { ...place, ...running, out: at('out'), temporary };
}

describe('plaintext that was given up', () => {
  it('is taken away after its folder was moved', async (context) => {
    onlyWhere(context, process.platform === 'linux', 'folders are held by descriptor on Linux');
    const { child, ended, out } = await opening();
    await rename(out, `${out}.moved`);
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ status: 143, stderr: '' });
    expect(await namesIn(`${out}.moved`)).toEqual([]);
  });

  it('is not left under another name of the temporary file', async () => {
    const { child, ended, out, temporary } = await opening();
    await link(temporary, join(out, 'copy'));
    child.stdin?.end();
    expect(await ended).toMatchObject({ status: 4 });
    expect(await namesIn(out)).toEqual(['copy']);
    expect((await stat(join(out, 'copy'))).size).toBe(0);
  });

  it('is emptied if a second signal ends the command at once', async () => {
    const { child, ended, out, temporary } = await opening();
    await link(temporary, join(out, 'copy'));
    child.kill('SIGTERM');
    child.kill('SIGINT');
    await ended;
    expect(await namesIn(out)).toEqual(['copy']);
    expect((await stat(join(out, 'copy'))).size).toBe(0);
  });

  it('is no output: a folder that was replaced gets no file, and the command says so', async () => {
    const { child, ended, folder, out } = await opening();
    await rename(out, `${out}.moved`);
    await mkdir(out);
    child.stdin?.end((await readFile(join(folder, 's'))).subarray(300_000));
    const { status, stderr } = await ended;
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining('its folder was moved or replaced while it was written'),
    ]);
    expect([await namesIn(out), await namesIn(`${out}.moved`)]).toEqual([[], []]);
  });
});
