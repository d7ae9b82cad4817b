import { lstat, open, rmdir, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isSystemError } from '../../system-error.js';
import type { HeldFolder } from './held-folder.js';
import { holdFolder } from './held-folder.js';
import { leftovers } from './leftovers.js';
import { isMountPoint } from './mount-points.js';

const PRIVATE = 0o600;
/** The one file that stays, empty, in a folder that lets nothing be removed. */
const PROBE = '.sealpipe.probe';

/**
 * Where to make the temporary file for a file of `folder`: there, unless it could not be removed again (`chattr +a`).
 * Then it is the folder above, if a file can get its name from there. Otherwise one would be left behind by every run.
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
 * Why the system would not let a file be removed or replaced; undefined: it would. A folder is what rmdir() removes, never a file: but it looks first
 * whether anything may be removed there.
 */
export async function refusalToRemove(path: string): Promise<NodeJS.ErrnoException | undefined> {
  try {
    await rmdir(path);
  } catch (error) {
    if (isSystemError(error) && error.code === 'EPERM') return error;
  }
  return undefined;
}

/** Makes a file, and removes it. Never rejects. */
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

/** Whether something has the name of the probe that no look has left. */
async function isAnothers(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found !== undefined && !(found.isFile() && found.size === 0);
}

/** Whether a file exists now. Another process may be probing at this moment, or the file stays. */
async function made(path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx', PRIVATE)).close();
    return true;
  } catch (error) {
    return isSystemError(error) && error.code === 'EEXIST';
  }
}
