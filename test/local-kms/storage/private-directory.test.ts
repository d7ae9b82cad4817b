import { mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { preparePrivateDirectory } from '../../../src/local-kms/storage/private-directory.js';
import { onlyWhere } from '../../support/prerequisite.js';
import { tempFolder } from '../../support/temp-folder.js';

describe('the directory of a KMS', () => {
  beforeEach((context) => onlyWhere(context, process.platform !== 'win32', 'modes and links are for POSIX'));

  test('is made with all above it, by many at once', async () => {
    const directory = join(await tempFolder(), 'a', 'b', 'c', 'kms');
    await Promise.all(Array.from({ length: 8 }, () => preparePrivateDirectory(directory)));
    expect((await readdir(directory)).sort()).toEqual(['aliases', 'keys', 'materials']);
    expect((await stat(join(directory, '..', '..'))).mode & 0o777).toBe(0o700);
  });

  test('fails at once where nothing can be made', async (context) => {
    onlyWhere(context, process.platform === 'linux', 'there is no /proc');
    await expect(preparePrivateDirectory('/proc/nope')).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(preparePrivateDirectory('/proc/nope/deep/kms')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test.each(['kms', 'kms/deep', 'kms/materials'])('fails where %s would be in a file', async (name) => {
    const folder = await tempFolder();
    await writeFile(join(folder, 'kms'), '');
    const call = preparePrivateDirectory(join(folder, name));
    await expect(call).rejects.toMatchObject({ code: expect.stringMatching(/^(EEXIST|ENOTDIR)$/) });
    expect(await readdir(folder)).toEqual(['kms']);
  });

  test('fails at a link to nowhere, and goes through one to a directory', async () => {
    const folder = await tempFolder();
    await symlink(join(folder, 'none'), join(folder, 'dangling'));
    await expect(preparePrivateDirectory(join(folder, 'dangling', 'kms'))).rejects.toThrow();
    await mkdir(join(folder, 'real'), { mode: 0o700 });
    await symlink(join(folder, 'real'), join(folder, 'link'));
    await preparePrivateDirectory(join(folder, 'link'));
    expect((await readdir(join(folder, 'real'))).length).toBe(3);
    expect((await readdir(folder)).sort()).toEqual(['dangling', 'link', 'real']);
  });
});
