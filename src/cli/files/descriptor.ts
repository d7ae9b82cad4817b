import type { BigIntStats } from 'node:fs';
import { readv, writev } from 'node:fs';
import { isatty } from 'node:tty';
import { promisify } from 'node:util';
import type { ReadableFile, WritableFile } from '../../files/byte-file.js';

const readvAsync = promisify(readv);
const writevAsync = promisify(writev);

/** A file that somebody else has opened and will close: it is read and written to where it stands. */
export function descriptorFile(fd: number): ReadableFile & WritableFile {
  return {
    readv: (views) => readvAsync(fd, views),
    writev: (views) => writevAsync(fd, views),
  };
}

/** Whether bytes lie there or are taken at once: no pipe, no socket and no terminal, which have someone at the other end. */
export function isFileOrDevice(stats: BigIntStats, fd: number): boolean {
  return stats.isFile() || stats.isBlockDevice() || (stats.isCharacterDevice() && !isatty(fd));
}
