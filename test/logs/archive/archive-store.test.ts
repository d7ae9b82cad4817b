import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FolderStore } from '../../../src/logs/archive/archive-store.js';
import { openListed } from '../../../src/logs/archive/segment-list.js';
import { runProcess } from '../../support/run-process.js';
import { tempFolder } from '../../support/temp-folder.js';

const ARCHIVE = 'a'.repeat(32);

describe('a folder of archives', () => {
  it('lists what is named like an archive, and the files in it with their bytes', async () => {
    const directory = await tempFolder();
    for (const name of [ARCHIVE, 'b'.repeat(31), 'lost+found']) await mkdir(join(directory, name));
    await writeFile(join(directory, ARCHIVE, '000000000000.open'), 'four');
    const store = new FolderStore(directory);
    expect(await store.archives()).toEqual([ARCHIVE]);
    expect(await store.list(ARCHIVE)).toEqual(['000000000000.open']);
    expect([...(await store.sizes(ARCHIVE))]).toEqual([['000000000000.open', 4]]);
  });

  it('has no segment in a folder by the name of a file', async () => {
    const directory = await tempFolder();
    await mkdir(join(directory, ARCHIVE, '000000000000.open'), { recursive: true });
    await expect(new FolderStore(directory).open(ARCHIVE, '000000000000.open')).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_ARCHIVE',
      message: expect.stringContaining('000000000000.open is not a regular file'),
    });
  });

  it('waits for nobody if there is a FIFO in the place of the file "stored"', async () => {
    const directory = await tempFolder();
    await mkdir(join(directory, ARCHIVE));
    await runProcess('mkfifo', [join(directory, ARCHIVE, 'stored')]);
    expect(await new FolderStore(directory).storedElsewhere(ARCHIVE)).toBeUndefined();
  });

  it('lists the bytes of more files than are asked for at once', async () => {
    const directory = await tempFolder();
    await mkdir(join(directory, ARCHIVE));
    const names = Array.from({ length: 130 }, (_, i) => `file ${i}`);
    for (const [i, name] of names.entries()) await writeFile(join(directory, ARCHIVE, name), 'x'.repeat(i));
    const sizes = await new FolderStore(directory).sizes(ARCHIVE);
    expect(names.map((name) => sizes.get(name))).toEqual(names.map((_, i) => i));
  });

  it('takes the names of files, and not those that a bucket has', () => {
    const store = new FolderStore('');
    expect(store.segmentOf('000000000007.open')).toMatchObject({ index: 7, open: true });
    expect(store.segmentOf('000000000007')).toBeUndefined();
  });

  it('removes a file, and says with the error of the system that there is none', async () => {
    const directory = await tempFolder();
    await mkdir(join(directory, ARCHIVE));
    await writeFile(join(directory, ARCHIVE, 'note'), '');
    const store = new FolderStore(directory);
    expect(await store.remove(ARCHIVE, 'note')).toEqual({ keepsVersions: false });
    expect(await readdir(join(directory, ARCHIVE))).toEqual([]);
    await expect(store.remove(ARCHIVE, 'note')).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(store.open(ARCHIVE, 'none')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a segment that was listed', () => {
  const listed = { name: '000000000000.open', index: 0, open: true, range: null };

  it('is opened by the name that it has by now', async () => {
    const directory = await tempFolder();
    await mkdir(join(directory, ARCHIVE));
    await writeFile(join(directory, ARCHIVE, '000000000000-1-2.sealed'), 'four');
    const store = new FolderStore(directory);
    const source = await openListed(store, ARCHIVE, listed, ({ name }) => store.open(ARCHIVE, name));
    expect(await source.size(new AbortController().signal)).toBe(4);
    await source.close?.();
  });

  it('may have been removed since, and is then no damage', async () => {
    const directory = await tempFolder();
    await mkdir(join(directory, ARCHIVE));
    const store = new FolderStore(directory);
    await expect(
      openListed(store, ARCHIVE, listed, ({ name }) => store.open(ARCHIVE, name)),
    ).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_CHANGED',
      message: '000000000000.open was removed after the log archive was listed',
      retryable: true,
    });
  });
});
