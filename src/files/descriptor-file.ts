import type { BigIntStats } from 'node:fs';
import { readv, writev } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { promisify } from 'node:util';
import type { ReadableFile, WritableFile } from './byte-file.js';

const readvAsync = promisify(readv);
const writevAsync = promisify(writev);

/** Milliseconds until a descriptor that has no bytes, or no room for them, is asked again. */
const BUSY_PAUSE = 5;

/** A file that somebody else has opened and will close: it is read and written to where it stands. */
export function descriptorFile(fd: number): ReadableFile & WritableFile {
  return {
    readv: (views) => patiently(() => readvAsync(fd, views)),
    writev: (views) => patiently(() => writevAsync(fd, views)),
  };
}

/** Whether bytes lie there or are taken at once: no pipe, no socket and no terminal, which have someone at the other end. */
export function isFileOrDevice(stats: BigIntStats, fd: number): boolean {
  return stats.isFile() || stats.isBlockDevice() || (stats.isCharacterDevice() && !isatty(fd));
}

/** Whoever shares a descriptor may have made it one that does not wait. */
async function patiently<T>(operation: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await operation();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      await pause(BUSY_PAUSE);
    }
  }
}
