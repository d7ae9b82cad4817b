import type { BigIntStats } from 'node:fs';
import { fstat } from 'node:fs';
import { promisify } from 'node:util';

/** What tells a file from every other one on this machine, whatever its names. */
export interface FileIdentity {
  readonly device: bigint;
  readonly inode: bigint;
}

/** Of a regular file; undefined for anything else, which can be read and written at once. */
export function identityOf(stats: BigIntStats): FileIdentity | undefined {
  return stats.isFile() ? { device: stats.dev, inode: stats.ino } : undefined;
}

export function isSameFile(a: FileIdentity | undefined, b: FileIdentity | undefined): boolean {
  return a !== undefined && b !== undefined && a.device === b.device && a.inode === b.inode;
}

const fstatAsync = promisify(fstat);

/** What an open file descriptor is. */
export function statsOf(fd: number): Promise<BigIntStats> {
  return fstatAsync(fd, { bigint: true });
}
