import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FOLDERS, storageError } from './storage.js';
import { errorCode } from './system-error.js';

const PRIVATE_DIRECTORY = 0o700;
const GROUP_AND_WORLD = 0o077;
/** Of file systems without such a call, and of a parent that can be passed but not read; not of a failing disk. */
const NO_WAY_TO_SYNC = ['EACCES', 'EINVAL', 'ENOSYS', 'ENOTSUP'];
const POSIX = process.platform !== 'win32';

/**
 * Makes sure that `directory` and the three folders in it exist, durably and for their owner alone.
 *
 * A directory of another user, or one that group or world can access, is refused and not tightened: the caller may have
 * named it by mistake, and its mode is not ours to change. (Neither is checked on Windows.)
 */
export async function preparePrivateDirectory(directory: string): Promise<void> {
  const firstCreated = await makeDirectory(directory);
  await requirePrivate(directory);
  for (const folder of FOLDERS) {
    const path = join(directory, folder);
    await makeDirectory(path);
    await requirePrivate(path);
  }
  await syncDirectory(directory);
  // Also if another process has just made the directory: it may not have reached this line yet.
  const top = dirname(firstCreated ?? directory);
  for (let path = directory; path !== top; path = dirname(path)) await syncDirectory(dirname(path));
}

/**
 * Makes a directory and those above it, one by one. In a place like /proc, where nothing can be made, Node's own
 * `recursive` never ends.
 *
 * @returns the topmost one that was made now; undefined if `path` already existed
 */
async function makeDirectory(path: string): Promise<string | undefined> {
  const error = await failureOf(mkdir(path, { mode: PRIVATE_DIRECTORY }));
  if (error === undefined) return path;
  if (errorCode(error) !== 'ENOENT' || dirname(path) === path) return unlessDirectory(path, error);
  const top = await makeDirectory(dirname(path));
  const again = await failureOf(mkdir(path, { mode: PRIVATE_DIRECTORY }));
  if (again === undefined) return top ?? path;
  await unlessDirectory(path, again);
  return top;
}

/** An existing directory, even one that another process made a moment ago, is as good as a new one. */
async function unlessDirectory(path: string, error: unknown): Promise<undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() !== true) throw error;
}

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error: unknown) => error,
  );
}

async function requirePrivate(path: string): Promise<void> {
  const { mode, uid } = await stat(path);
  if (!POSIX) return;
  // In a folder that everyone can write to, such as /tmp, another user may have been first and could read the keys.
  if (uid !== process.geteuid?.())
    throw storageError(`The embedded KMS refuses ${path}: it belongs to another user`);
  if ((mode & GROUP_AND_WORLD) === 0) return;
  throw storageError(
    `The embedded KMS refuses ${path}: others than its owner may enter it (mode ${(mode & 0o777).toString(8)})`,
    { hint: 'Run chmod 700 on it, or choose another directory' },
  );
}

/** Makes the names in a directory durable, if the platform can. */
export async function syncDirectory(path: string): Promise<void> {
  if (!POSIX) return;
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
    await handle.sync();
  } catch (error) {
    if (!NO_WAY_TO_SYNC.includes(errorCode(error))) throw error;
  } finally {
    await handle?.close();
  }
}
