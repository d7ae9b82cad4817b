import { link, mkdir, open, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { decrypt, encryptFile } from '../../src/index.js';
import { patterned } from '../support/pieces.js';
import { onlyWhere } from '../support/prerequisite.js';
import { expectQuietProcess } from '../support/quiet-process.js';
import { tempFolder } from '../support/temp-folder.js';
import { keys } from '../support/test-keys.js';

expectQuietProcess();

const SIZE = 3_000_000;
const plaintext = patterned(SIZE);
let folder: string;
const at = (name: string) => join(folder, name);

beforeEach(async () => {
  folder = await tempFolder();
  await writeFile(at('plain'), plaintext);
});

describe('an input that cannot be what it should', () => {
  it('is the output itself, by whatever name', async () => {
    await link(at('plain'), at('other'));
    for (const name of ['plain', 'other']) {
      const run = encryptFile(at('plain'), at(name), { keys, overwrite: true });
      await expect(run).rejects.toMatchObject({ code: 'ERR_SEALPIPE_OPTIONS' });
    }
    expect(plaintext.equals(await readFile(at('plain')))).toBe(true);
  });

  it('became shorter while it was read', async () => {
    const source = await open(at('plain'), 'r+');
    const cutting = { keys, onHeader: () => void source.truncate(1_000) };
    await expect(encryptFile(source, at('sealed'), cutting)).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_CONFIRM',
    });
    await source.close();
    expect(await readdir(folder)).toEqual(['plain']);
  });

  it('is a folder, or is not there', async () => {
    await mkdir(at('sub'));
    await expect(encryptFile(at('sub'), at('sealed'), { keys })).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(encryptFile(at('plain'), at('sub'), { keys })).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(encryptFile(at('none'), at('sealed'), { keys })).rejects.toMatchObject({ code: 'ENOENT' });
    expect((await readdir(folder)).sort()).toEqual(['plain', 'sub']);
  });

  it.each([
    ['an unknown option', { keys, overwrit: true }],
    ['an `overwrite` that is no boolean', { keys, overwrite: 1 }],
    ['an `onProgress` that is no function', { keys, onProgress: 1 }],
    ['no keys', {}],
    ['no options', undefined],
  ])('has %s', async (_, options) => {
    const run = encryptFile(at('plain'), at('sealed'), options as never);
    await expect(run).rejects.toMatchObject({ code: 'ERR_SEALPIPE_OPTIONS' });
    expect(await readdir(folder)).toEqual(['plain']);
  });

  it.each([[undefined], [''], [-1], [new URL('https://a.example/b')], [{}]])(
    'is %j, which names no file',
    async (place) => {
      for (const [from, to] of [
        [place, at('sealed')],
        [at('plain'), place],
      ]) {
        await expect(encryptFile(from as string, to as string, { keys })).rejects.toMatchObject({
          code: 'ERR_SEALPIPE_OPTIONS',
        });
      }
    },
  );
});

it('an output is written through a link, which stays', async (context) => {
  onlyWhere(context, process.platform !== 'win32', 'links need a right on Windows');
  await writeFile(at('real'), 'old');
  await symlink('real', at('link'));
  await encryptFile(at('plain'), at('link'), { keys, overwrite: true });
  expect(plaintext.equals(await decrypt(await readFile(at('real')), { keys }))).toBe(true);
  await symlink('nowhere', at('dangling'));
  await expect(encryptFile(at('plain'), at('dangling'), { keys })).rejects.toMatchObject({
    code: 'ERR_SEALPIPE_EXISTS',
  });
});
