import type { BigIntStats } from 'node:fs';
import { fstat } from 'node:fs';
import { promisify } from 'node:util';
import type { FileId } from '../../../file-system.js';

/** The id of a regular file or a disk; undefined for anything else, which can be read and written at the same time. */
export function storedFileId(stats: BigIntStats): FileId | undefined {
  if (stats.isFile()) return { device: stats.dev, inode: stats.ino };
  return stats.isBlockDevice() ? { device: stats.rdev, inode: undefined } : undefined;
}

/** The id of an open file of any kind. Pipes also have a device and an inode. */
export function fileId(stats: BigIntStats): FileId {
  return { device: stats.dev, inode: stats.ino };
}

const fstatAsync = promisify(fstat);

/** The kind of an open file descriptor. */
export function statsOf(fd: number): Promise<BigIntStats> {
  return fstatAsync(fd, { bigint: true });
}
