import { describe, expect, test } from 'vitest';
import { DirectoryStorage } from '../../../src/local-kms/storage/directory-storage.js';
import { MemoryStorage } from '../../../src/local-kms/storage/memory-storage.js';
import type { Storage } from '../../../src/local-kms/storage/storage.js';
import { runs } from '../../support/sample.js';
import { tempFolder } from '../../support/temp-folder.js';

const STORAGES: readonly [string, () => Promise<Storage>][] = [
  ['memory', async () => new MemoryStorage()],
  ['a directory', async () => new DirectoryStorage(await tempFolder())],
];
const A = Buffer.from('a');
const B = Buffer.from('b');

describe.each(STORAGES)('a storage in %s', (_where, open) => {
  test('gives back what was created, in memory of its own', async () => {
    const storage = await open();
    const content = Buffer.from([0, 255, 10]);
    expect(await storage.create('keys', 'x', content)).toBe(true);
    content.fill(7);
    const read = await storage.read('keys', 'x');
    expect(read).toEqual(Buffer.from([0, 255, 10]));
    read!.fill(7);
    expect(await storage.read('keys', 'x')).toEqual(Buffer.from([0, 255, 10]));
  });

  test('never overwrites', async () => {
    const storage = await open();
    expect(await storage.create('keys', 'x', A)).toBe(true);
    expect(await storage.create('keys', 'x', B)).toBe(false);
    expect(await storage.read('keys', 'x')).toEqual(A);
  });

  test('lets one of many at the same moment create a name', async () => {
    const storage = await open();
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, i) => storage.create('aliases', 'x', Buffer.from([i]))),
    );
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    expect(await storage.read('aliases', 'x')).toEqual(Buffer.from([outcomes.indexOf(true)]));
  });

  test('keeps its folders apart', async () => {
    const storage = await open();
    await storage.create('keys', 'x', A);
    await storage.create('aliases', 'y', B);
    expect(await storage.read('materials', 'x')).toBeUndefined();
    expect(await storage.list('keys')).toEqual(['x']);
    expect(await storage.list('aliases')).toEqual(['y']);
    expect(await storage.list('materials')).toEqual([]);
    expect(await storage.has('keys', 'x')).toBe(true);
    expect(await storage.has('keys', 'y')).toBe(false);
  });

  test('removes, and does not mind when there is nothing to remove', async () => {
    const storage = await open();
    await storage.create('materials', 'x', A);
    await storage.remove('materials', 'x');
    await storage.remove('materials', 'x');
    expect(await storage.read('materials', 'x')).toBeUndefined();
    expect(await storage.create('materials', 'x', B)).toBe(true);
  });

  test('takes a flood', async () => {
    const storage = await open();
    const names = Array.from({ length: runs(1_500) }, (_, i) => `n${i}`);
    const created = await Promise.all(names.map((name) => storage.create('keys', name, A)));
    expect(created.every(Boolean)).toBe(true);
    expect((await storage.list('keys')).sort()).toEqual(names.sort());
  });
});
