import type { BigIntStats } from 'node:fs';
import { fstat } from 'node:fs';
import { promisify } from 'node:util';

/** What tells a file from every other one on this machine, whatever its names. */
export interface FileIdentity {
  readonly device: bigint;
  /** Undefined for a disk, which its number alone names. */
  readonly inode: bigint | undefined;
}

/** Of a regular file and of a disk; undefined for anything else, which can be read and written at once. */
export function identityOf(stats: BigIntStats): FileIdentity | undefined {
  if (stats.isFile()) return { device: stats.dev, inode: stats.ino };
  return stats.isBlockDevice() ? { device: stats.rdev, inode: undefined } : undefined;
}

/** Of an open file of any kind: pipes, too, have a number of their own. */
export function nodeOf(stats: BigIntStats): FileIdentity {
  return { device: stats.dev, inode: stats.ino };
}

export function isSameFile(a: FileIdentity | undefined, b: FileIdentity | undefined): boolean {
  return a !== undefined && b !== undefined && a.device === b.device && a.inode === b.inode;
}

const fstatAsync = promisify(fstat);

/** What an open file descriptor is. */
export function statsOf(fd: number): Promise<BigIntStats> {
  return fstatAsync(fd, { bigint: true });
}
