import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FolderStore } from '../../../src/logs/archive/archive-store.js';
import { tempFolder } from '../../support/temp-folder.js';

const ARCHIVE = 'a'.repeat(32);

describe('a folder of archives', () => {
  it('lists what is named like an archive, and writes a file whole in the place of another', async () => {
    const directory = await tempFolder();
    for (const name of [ARCHIVE, 'b'.repeat(31), 'lost+found']) await mkdir(join(directory, name));
    const store = new FolderStore(directory);
    expect(await store.archives()).toEqual([ARCHIVE]);
    await store.write(ARCHIVE, 'note', Buffer.from('first'));
    await store.write(ARCHIVE, 'note', Buffer.from('second'));
    const path = join(directory, ARCHIVE, 'note');
    expect([await readFile(path, 'utf8'), await store.list(ARCHIVE)]).toEqual(['second', ['note']]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('leaves nothing behind where it cannot write', async () => {
    const directory = await tempFolder();
    await mkdir(join(directory, ARCHIVE, 'taken'), { recursive: true });
    const store = new FolderStore(directory);
    await expect(store.write(ARCHIVE, 'taken', Buffer.from('x'))).rejects.toMatchObject({
      syscall: 'rename',
    });
    expect(await readdir(join(directory, ARCHIVE))).toEqual(['taken']);
    await expect(store.open(ARCHIVE, 'none')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
