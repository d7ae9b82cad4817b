import { readdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openLocalKms } from '../../../src/local-kms/local-kms.js';
import { tempFolder } from '../../support/temp-folder.js';

function opened(directory: string) {
  const local = openLocalKms({ directory });
  onTestFinished(() => local.kms.close());
  return local;
}

async function twoKeys(): Promise<{ directory: string; first: string; second: string }> {
  const directory = await tempFolder();
  const { createNamedKey } = opened(directory);
  const first = (await createNamedKey('alias/first', ''))!;
  const second = (await createNamedKey('alias/second', ''))!;
  return { directory, first, second };
}

describe('the inventory', () => {
  test('has every key with its aliases', async () => {
    const { directory, first, second } = await twoKeys();
    const { keys, aliases, damaged } = await opened(directory).takeInventory();
    expect(keys.map(({ keyId }) => keyId)).toEqual([first, second].sort());
    expect(aliases).toEqual(
      new Map([
        [first, ['alias/first']],
        [second, ['alias/second']],
      ]),
    );
    expect(damaged).toEqual([]);
  });

  test('goes on where a key is damaged, and names its file', async () => {
    const { directory, first, second } = await twoKeys();
    const path = join(directory, 'keys', `${first}.1.json`);
    await writeFile(path, 'x');
    const { keys, aliases, damaged } = await opened(directory).takeInventory();
    expect(keys).toMatchObject([{ keyId: second }]);
    expect(aliases).toEqual(new Map([[second, ['alias/second']]]));
    expect(damaged.map(({ message }) => message)).toEqual([expect.stringContaining(path)]);
  });

  test('goes on where aliases are damaged, and names each file', async () => {
    const { directory } = await twoKeys();
    for (const name of await readdir(join(directory, 'aliases')))
      await writeFile(join(directory, 'aliases', name), '{}');
    const { keys, aliases, damaged } = await opened(directory).takeInventory();
    expect(keys).toHaveLength(2);
    expect([...aliases.values()]).toEqual([[], []]);
    expect(damaged).toHaveLength(2);
  });

  test('has an alias no more whose key was taken away', async () => {
    const { directory, first, second } = await twoKeys();
    await unlink(join(directory, 'keys', `${first}.1.json`));
    const { keys, aliases, damaged } = await opened(directory).takeInventory();
    expect([keys.length, [...aliases.keys()], damaged]).toEqual([1, [second], []]);
  });
});
