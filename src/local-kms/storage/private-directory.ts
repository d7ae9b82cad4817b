import { dirname, join } from 'node:path';
import type { FileFacts } from '../../file-system.js';
import { GROUP_AND_WORLD, POSIX } from '../../file-system.js';
import { FOLDERS, storageError } from './storage.js';
import type { StorageFiles } from './storage-files.js';
import { storageFiles } from './storage-files.js';
import { errorCode } from './system-error.js';

/**
 * Durably creates `directory` and its three folders unless they exist, accessible to their owner only.
 *
 * A directory of another user, or one that group or world can access, is refused instead of tightened: the caller may
 * have named it by mistake. (Neither is checked on Windows.)
 */
export async function preparePrivateDirectory(
  directory: string,
  files: StorageFiles = storageFiles,
): Promise<void> {
  const firstCreated = await makeDirectory(files, directory);
  await requirePrivate(files, directory);
  for (const folder of FOLDERS) {
    const path = join(directory, folder);
    await makeDirectory(files, path);
    await requirePrivate(files, path);
  }
  await files.syncFolder(directory);
  // Also done if another process has just created the directory: it may not have synced it yet.
  const top = dirname(firstCreated ?? directory);
  for (let path = directory; path !== top; path = dirname(path)) await files.syncFolder(dirname(path));
}

/**
 * Creates a directory and its parents one by one. Node's own `recursive` never ends in a place like /proc, in which
 * nothing can be created.
 *
 * @returns the topmost directory that was created; undefined if `path` already existed
 */
async function makeDirectory(files: StorageFiles, path: string): Promise<string | undefined> {
  const error = await failureOf(files.makeFolder(path));
  if (error === undefined) return path;
  if (errorCode(error) !== 'ENOENT' || dirname(path) === path) return unlessDirectory(files, path, error);
  const top = await makeDirectory(files, dirname(path));
  const again = await failureOf(files.makeFolder(path));
  if (again === undefined) return top ?? path;
  await unlessDirectory(files, path, again);
  return top;
}

/** An existing directory is as good as a new one, even if another process has just created it. */
async function unlessDirectory(files: StorageFiles, path: string, error: unknown): Promise<undefined> {
  const found = await targetOf(files, path).catch(() => undefined);
  if (found?.kind !== 'folder') throw error;
}

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error: unknown) => error,
  );
}

async function requirePrivate(files: StorageFiles, path: string): Promise<void> {
  const { mode, owner } = await targetOf(files, path);
  if (!POSIX) return;
  // In a folder that everyone can write to, such as /tmp, another user may have been first and could read the keys.
  if (owner !== process.geteuid?.())
    throw storageError(`The embedded KMS refuses ${path}: it belongs to another user`);
  if ((mode & GROUP_AND_WORLD) === 0) return;
  throw storageError(
    `The embedded KMS refuses ${path}: users other than its owner can access it (mode ${(mode & 0o777).toString(8)})`,
    { hint: 'Run chmod 700 on it, or choose another directory' },
  );
}

/** Facts about the target of a path, through symbolic links. */
async function targetOf(files: StorageFiles, path: string): Promise<FileFacts> {
  const facts = await files.facts(await files.resolve(path));
  if (facts === undefined)
    throw Object.assign(new Error(`ENOENT: no such file or directory, stat '${path}'`), { code: 'ENOENT' });
  return facts;
}
