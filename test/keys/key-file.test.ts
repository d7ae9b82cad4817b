import { chown, open, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { keyFromFile } from '../../src/keys/key-file.js';
import { isHeldOpen, LISTS_OPEN_FILES } from '../support/held-open.js';
import { onlyWhere } from '../support/prerequisite.js';
import { tempFolder } from '../support/temp-folder.js';

const HEX = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
const SOMEBODY = 54_321;

async function keyFile(content: string | Uint8Array): Promise<string> {
  const path = join(await tempFolder(), 'key');
  await writeFile(path, content, { mode: 0o600 });
  return path;
}

describe('a key file', () => {
  it.each([
    ['UTF-16', Buffer.from(`\uFEFF${HEX}\r\n`, 'utf16le')],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${HEX}\r\n`)],
  ])('in %s is refused in those words', async (encoding, content) => {
    const path = await keyFile(content);
    await expect(keyFromFile(path)).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
      message: expect.stringContaining(encoding),
      hint: expect.stringContaining('ASCII'),
    });
  });

  it.each([HEX, `${HEX}\r\n`, Buffer.from(HEX, 'hex'), Buffer.from(HEX, 'hex').toString('base64')])(
    'is taken in each of its forms',
    async (content) =>
      expect((await keyFromFile(await keyFile(content))).id).toBe((await keyFromFile(await keyFile(HEX))).id),
  );

  it.each([HEX, `${HEX}0`, Buffer.alloc(33, 200)])(
    'leaves nothing of its content in memory, whether it holds a key or not',
    async (content) => {
      const path = await keyFile(content);
      const alloc = vi.spyOn(Buffer, 'alloc');
      onTestFinished(() => alloc.mockRestore());
      await keyFromFile(path).catch(() => undefined);
      const read = alloc.mock.results
        .map(({ value }) => value as Buffer)
        .filter(({ length }) => length > 1_000);
      expect(read.map((bytes) => bytes.every((byte) => byte === 0))).toEqual([true]);
    },
  );

  it.for([
    ['a key', HEX],
    ['no key', `${HEX}0`],
  ] as const)('that holds %s is closed once it is read', async ([, content], context) => {
    onlyWhere(context, LISTS_OPEN_FILES, 'the system does not list open files');
    const path = await realpath(await keyFile(content));
    const handle = await open(path);
    expect(isHeldOpen(path)).toBe(true);
    await handle.close();
    await keyFromFile(path).catch(() => undefined);
    expect(isHeldOpen(path)).toBe(false);
  });

  it('of another user is refused, although we may read it', async (context) => {
    onlyWhere(context, process.geteuid?.() === 0, 'only root makes such a file');
    const path = await keyFile(HEX);
    await chown(path, SOMEBODY, SOMEBODY);
    await expect(keyFromFile(path)).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_KEY_DENIED',
      message: `The key file ${path} belongs to another user (id ${SOMEBODY}), who can read and replace it`,
    });
  });

  it('of root is taken by everyone who may read it', async (context) => {
    onlyWhere(context, process.geteuid?.() === 0, 'only root makes such a file');
    const path = await keyFile(HEX);
    const asSomebody = vi.spyOn(process, 'geteuid').mockReturnValue(SOMEBODY);
    await expect(keyFromFile(path)).resolves.toBeDefined();
    asSomebody.mockRestore();
  });
});
