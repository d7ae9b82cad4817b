import type { BigIntStats } from 'node:fs';
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { outputExists, refusal } from './file-fault.js';
import { isMountPoint } from './mount-points.js';
import type { OutputTarget } from './output-target.js';
import { refusalToRemove } from './temporary-folder.js';

const FLAGS = constants.O_WRONLY | (constants.O_NOCTTY ?? 0);

/**
 * Checks at the beginning whether the existing file can be replaced at the end.
 *
 * @throws SealpipeError `ERR_SEALPIPE_EXISTS` unless it may be replaced; the error of the system, or one like it
 */
export async function assertReplaceable(
  path: string,
  { folder, name, found }: OutputTarget,
  overwrite: boolean,
): Promise<void> {
  if (found === undefined) return;
  if (!overwrite) throw outputExists(path);
  if (await isMountPoint(join(folder.path, name))) throw refusal('mount-point', path);
  const refused = await refusalToRemove(folder.at(name));
  if (refused !== undefined) throw refused;
}

/**
 * Opens a device, a FIFO or the like for writing it directly.
 *
 * @throws the error of the system, or one like it if something else took its place
 */
export async function openFound(path: string, target: OutputTarget): Promise<FileHandle> {
  const { folder, name, found, isDescriptor } = target;
  const handle = await open(folder.at(name), isDescriptor ? FLAGS : FLAGS | (constants.O_NOFOLLOW ?? 0));
  const opened = await handle.stat({ bigint: true });
  if (found !== undefined && isSame(opened, found)) return handle;
  await handle.close();
  throw refusal('changed', path);
}

/** The inode number of a removed file may be reused by a file of another kind. */
function isSame(a: BigIntStats, b: BigIntStats): boolean {
  return a.dev === b.dev && a.ino === b.ino && a.rdev === b.rdev && kind(a) === kind(b);
}

function kind({ mode }: BigIntStats): bigint {
  return mode & BigInt(constants.S_IFMT);
}
