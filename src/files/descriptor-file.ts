import type { BigIntStats } from 'node:fs';
import { readv, writev } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { promisify } from 'node:util';
import type { ReadableFile, WritableFile } from './byte-file.js';

const readvAsync = promisify(readv);
const writevAsync = promisify(writev);

/** Milliseconds until a descriptor that has no bytes, or no room for them, is tried again. */
const BUSY_PAUSE = 5;

/** A file that the caller has opened and will close. It is read and written at its current position. */
export function descriptorFile(fd: number): ReadableFile & WritableFile {
  return {
    readv: (views) => patiently(() => readvAsync(fd, views)),
    writev: (views) => patiently(() => writevAsync(fd, views)),
  };
}

/** Whether reads and writes never wait: false for a pipe, a socket and a terminal, which have another end. */
export function isFileOrDevice(stats: BigIntStats, fd: number): boolean {
  return stats.isFile() || stats.isBlockDevice() || (stats.isCharacterDevice() && !isatty(fd));
}

/** Another process that shares the descriptor may have set O_NONBLOCK. */
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
