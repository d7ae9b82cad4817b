import type { BigIntStats } from 'node:fs';
import { link, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { storedFileId } from '../../../../src/cli/io/descriptors/file-kind.js';
import { isSameFile } from '../../../../src/file-system.js';
import { tempFolder } from '../../../support/temp-folder.js';

/** What stat() says of a disk under one of its names. */
function disk(inode: bigint, rdev: bigint): BigIntStats {
  const said = { dev: 5n, ino: inode, rdev, isFile: () => false, isBlockDevice: () => true };
  return said as unknown as BigIntStats;
}

describe('the id of a stored file', () => {
  it('is the same under each of its names, and another for another file', async () => {
    const folder = await tempFolder();
    const [a, b, c] = ['a', 'b', 'c'].map((name) => join(folder, name)) as [string, string, string];
    await writeFile(a, '');
    await link(a, b);
    await writeFile(c, '');
    const [first, second, other] = await Promise.all(
      [a, b, c].map(async (path) => storedFileId(await stat(path, { bigint: true }))),
    );
    expect([isSameFile(first, second), isSameFile(first, other)]).toEqual([true, false]);
  });

  it('is that of the disk for a disk, which would be overwritten while it is read', () => {
    expect(isSameFile(storedFileId(disk(7n, 2048n)), storedFileId(disk(8n, 2048n)))).toBe(true);
    expect(isSameFile(storedFileId(disk(7n, 2048n)), storedFileId(disk(8n, 2049n)))).toBe(false);
  });

  it('is nothing for what can be read and written at once', async () => {
    const folder = storedFileId(await stat(await tempFolder(), { bigint: true }));
    expect([folder, isSameFile(folder, folder)]).toEqual([undefined, false]);
  });
});
