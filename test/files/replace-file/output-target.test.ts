import { chmod, lchown, mkdir, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openFound } from '../../../src/files/replace-file/open-target.js';
import type { OutputTarget } from '../../../src/files/replace-file/output-target.js';
import { outputTarget } from '../../../src/files/replace-file/output-target.js';
import { onlyWhere, prerequisite } from '../../support/prerequisite.js';
import { runProcess } from '../../support/run-process.js';
import { tempFolder } from '../../support/temp-folder.js';

beforeEach((context) => onlyWhere(context, process.platform !== 'win32', 'links and FIFOs are for POSIX'));

const STRANGER = 65_534;

async function target(path: string, mayMake = false): Promise<OutputTarget> {
  const found = await outputTarget(path, mayMake);
  onTestFinished(() => found.folder.release());
  return found;
}

/** A folder such as /tmp, of which nobody but its owner removes what others have made. */
async function sharedFolder(mode = 0o1777): Promise<string> {
  const folder = await tempFolder();
  await chmod(folder, mode);
  return folder;
}

describe('what an output path names', () => {
  it('is found through links, one behind the other', async () => {
    const folder = await tempFolder();
    await mkdir(join(folder, 'sub'));
    await writeFile(join(folder, 'sub/file'), 'x');
    await symlink('file', join(folder, 'sub/near'));
    await symlink('sub/near', join(folder, 'far'));
    const { folder: held, name, found } = await target(join(folder, 'far'));
    expect([held.path, name, found?.isFile()]).toEqual([join(folder, 'sub'), 'file', true]);
  });

  it('may be missing, but not behind a link unless that is allowed', async () => {
    const folder = await tempFolder();
    await symlink('none', join(folder, 'link'));
    await symlink('link', join(folder, 'longer'));
    expect((await target(join(folder, 'new'))).found).toBeUndefined();
    await expect(target(join(folder, 'link'))).rejects.toThrow(
      `link to ${folder}/none, which does not exist`,
    );
    await expect(target(join(folder, 'longer'))).rejects.toThrow('which does not exist');
    expect(await target(join(folder, 'longer'), true)).toMatchObject({ name: 'none', found: undefined });
  });

  it('is where the system finds it, also with ".." behind a link', async () => {
    const folder = await tempFolder();
    await mkdir(join(folder, 'a/b'), { recursive: true });
    await symlink('a/b', join(folder, 'link'));
    await symlink('link/../file', join(folder, 'far'));
    await writeFile(join(folder, 'a/file'), 'x');
    for (const path of ['link/../file', 'far', './/a//./file']) {
      const { folder: held, name, found } = await target(`${folder}/${path}`);
      expect([held.path, name, found?.isFile()]).toEqual([join(folder, 'a'), 'file', true]);
    }
  });

  it('is never found in a circle', async () => {
    const folder = await tempFolder();
    await symlink('b', join(folder, 'a'));
    await symlink('a', join(folder, 'b'));
    await expect(target(join(folder, 'a'), true)).rejects.toThrow('too many symbolic links');
    await expect(target(join(folder, 'a/new'), true)).rejects.toThrow('too many symbolic links');
  });

  it('stays in the folder that was found, whatever takes its place', async (context) => {
    onlyWhere(context, process.platform === 'linux', 'folders are held by descriptor on Linux');
    const root = await tempFolder();
    await mkdir(join(root, 'folder'));
    const { folder } = await target(join(root, 'folder/new'));
    expect(await folder.isInPlace()).toBe(true);
    await rename(join(root, 'folder'), join(root, 'moved'));
    await mkdir(join(root, 'folder'));
    await writeFile(folder.at('new'), 'x');
    expect(await folder.isInPlace()).toBe(false);
    await unlink(join(root, 'moved/new'));
  });
});

describe('in a folder that everyone may write to', () => {
  it('a link of another user is not followed, and one of ours or of the owner of the folder is', async (context) => {
    prerequisite(context, process.getuid?.() === 0, 'the right to give files away');
    const folder = await sharedFolder();
    await writeFile(join(folder, 'file'), 'x');
    await symlink('file', join(folder, 'ours'));
    await symlink('file', join(folder, 'theirs'));
    await lchown(join(folder, 'theirs'), STRANGER, STRANGER);
    await symlink('theirs', join(folder, 'through'));
    expect((await target(join(folder, 'ours'))).name).toBe('file');
    for (const name of ['theirs', 'through']) {
      await expect(target(join(folder, name), true)).rejects.toThrow(
        `link ${folder}/theirs belongs to another`,
      );
    }
    await lchown(folder, STRANGER, STRANGER);
    expect((await target(join(folder, 'theirs'))).name).toBe('file');
  });

  it('nor is one that stands for a folder, wherever it is on the way', async (context) => {
    prerequisite(context, process.getuid?.() === 0, 'the right to give files away');
    const folder = await sharedFolder();
    await mkdir(join(folder, 'real/sub'), { recursive: true });
    await symlink('real', join(folder, 'ours'));
    await symlink(join(folder, 'real'), join(folder, 'theirs'));
    await lchown(join(folder, 'theirs'), STRANGER, STRANGER);
    await symlink(join(folder, 'theirs/sub'), join(folder, 'through'));
    expect((await target(join(folder, 'ours/sub/new'))).folder.path).toBe(join(folder, 'real/sub'));
    for (const path of ['theirs/new', 'theirs/sub/new', 'through/new', 'ours/../theirs/new']) {
      await expect(target(`${folder}/${path}`, true)).rejects.toThrow(
        `link ${folder}/theirs belongs to another`,
      );
    }
    await lchown(folder, STRANGER, STRANGER);
    expect((await target(join(folder, 'theirs/new'))).folder.path).toBe(join(folder, 'real'));
  });

  it.each([0o777, 0o1755])('of mode %o links are followed, as the system does', async (mode) => {
    const folder = await sharedFolder(mode);
    await writeFile(join(folder, 'file'), 'x');
    await symlink('file', join(folder, 'link'));
    if (process.getuid?.() === 0) await lchown(join(folder, 'link'), STRANGER, STRANGER);
    expect((await target(join(folder, 'link'))).name).toBe('file');
  });

  it('a FIFO of another user is not written to', async (context) => {
    prerequisite(context, process.getuid?.() === 0, 'the right to give files away');
    const folder = await sharedFolder();
    await runProcess('mkfifo', [join(folder, 'fifo')]);
    expect((await target(join(folder, 'fifo'))).found?.isFIFO()).toBe(true);
    await lchown(join(folder, 'fifo'), STRANGER, STRANGER);
    await expect(target(join(folder, 'fifo'))).rejects.toThrow('FIFO belongs to another user');
  });
});

describe('what is written directly', () => {
  it('is what was found, and neither a link nor a file that took its place', async () => {
    const folder = await tempFolder();
    const path = join(folder, 'out');
    await writeFile(join(folder, 'victim'), 'kept');
    const swaps = [
      () => symlink('victim', path),
      () => writeFile(path, 'kept'),
      () => symlink('/dev/null', path),
    ];
    for (const swap of swaps) {
      await runProcess('mkfifo', [path]);
      const found = await target(path);
      await rm(path);
      await swap();
      await expect(openFound(path, found)).rejects.toThrow(/took its place|ELOOP/);
      await rm(path);
    }
  });
});
