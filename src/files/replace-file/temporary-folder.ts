import { lstat, open, rmdir, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PRIVATE_FILE } from '../../file-system.js';
import { isSystemError } from '../../system-error.js';
import type { HeldFolder } from './held-folder.js';
import { holdFolder } from './held-folder.js';
import { leftovers } from './leftovers.js';
import { isMountPoint } from './mount-points.js';

/** The one empty file that stays in a folder in which nothing can be removed. */
const PROBE = '.sealpipe.probe';

/**
 * The folder for the temporary file of a file in `folder`: that folder, unless files cannot be removed from it (`chattr
 * +a`), which would leave one behind with every run. Then it is the parent folder, if a file can be renamed from there.
 */
export async function temporaryFolder(folder: HeldFolder): Promise<HeldFolder> {
  if (process.platform !== 'linux' || (await tried(folder)) !== 'keeps') return folder;
  if ((await isMountPoint(folder.path)) !== false) return folder;
  const above = await holdFolder(dirname(folder.path), folder.at('..')).catch(() => undefined);
  if (above === undefined) return folder;
  if (above.stats.dev === folder.stats.dev && (await tried(above)) === 'removes') return above;
  await above.release();
  return folder;
}

/**
 * Why the system would not allow a file to be removed or replaced; undefined if it would. Uses rmdir(), which never
 * removes a file, but checks first whether anything may be removed.
 */
export async function refusalToRemove(path: string): Promise<NodeJS.ErrnoException | undefined> {
  try {
    await rmdir(path);
  } catch (error) {
    if (isSystemError(error) && error.code === 'EPERM') return error;
  }
  return undefined;
}

/** Creates and removes a file. Never rejects. */
async function tried(folder: HeldFolder): Promise<'removes' | 'keeps' | 'closed'> {
  const probe = folder.at(PROBE);
  if (await isAnothers(probe)) return 'closed';
  leftovers.add(probe);
  try {
    if (!(await made(probe))) return 'closed';
    if ((await refusalToRemove(probe)) !== undefined) return 'keeps';
    await unlink(probe).catch(() => undefined);
    return 'removes';
  } finally {
    leftovers.delete(probe);
  }
}

/** Whether the name of the probe belongs to something that no probe has left. */
async function isAnothers(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found !== undefined && !(found.isFile() && found.size === 0);
}

/** Whether a file exists now. Another process may be probing at the same moment. */
async function made(path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx', PRIVATE_FILE)).close();
    return true;
  } catch (error) {
    return isSystemError(error) && error.code === 'EEXIST';
  }
}
