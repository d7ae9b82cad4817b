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

/**
 * A file that the caller has opened and will close. It is read and written at its current position.
 *
 * A call of a pipe with O_NONBLOCK, which another process that shares it may have set, is repeated until it succeeds or
 * the file is given up. Without O_NONBLOCK the system itself waits, and that cannot be ended.
 */
export function descriptorFile(fd: number): ReadableFile & WritableFile {
  let givenUp: { readonly why: unknown } | undefined;
  const patiently = async <T>(operation: () => Promise<T>): Promise<T> => {
    for (;;) {
      if (givenUp !== undefined) throw givenUp.why;
      try {
        return await operation();
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
        await pause(BUSY_PAUSE);
      }
    }
  };
  return {
    readv: (views) => patiently(() => readvAsync(fd, views)),
    writev: (views) => patiently(() => writevAsync(fd, views)),
    giveUp: (why) => {
      givenUp ??= { why };
    },
  };
}

/** Whether reads and writes never wait: false for a pipe, a socket and a terminal, which have another end. */
export function isFileOrDevice(stats: BigIntStats, fd: number): boolean {
  return stats.isFile() || stats.isBlockDevice() || (stats.isCharacterDevice() && !isatty(fd));
}
