import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FOLDERS, storageError } from './storage.js';
import { errorCode } from './system-error.js';

const PRIVATE_DIRECTORY = 0o700;
const GROUP_AND_WORLD = 0o077;
/** File systems without such a call, and a parent that may be passed through but not read; not a failing disk. */
const NO_WAY_TO_SYNC = ['EACCES', 'EINVAL', 'ENOSYS', 'ENOTSUP'];
const POSIX = process.platform !== 'win32';

/**
 * Makes sure that `directory` and the three folders in it exist, durably and for their owner alone.
 *
 * A directory of another user, or one that the group or the world may enter, is refused, not tightened: it may be one
 * that the caller named by mistake, and its mode is not ours to change. (Neither is checked on Windows.)
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
  // Also where another process has just made the directory: that one may not have come to this line yet.
  const top = dirname(firstCreated ?? directory);
  for (let path = directory; path !== top; path = dirname(path)) await syncDirectory(dirname(path));
}

/**
 * Makes a directory and those above it, one by one: in a place such as /proc, where nothing can be made, Node's own
 * `recursive` tries for ever.
 *
 * @returns the topmost one that was made now; undefined if `path` was there
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

/** A directory that is there, maybe since a moment ago, is as good as one that was made. */
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
  // In a folder that all may write, such as /tmp, someone else may have been first, who could read what root writes.
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
