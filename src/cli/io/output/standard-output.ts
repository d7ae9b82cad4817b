import type { BigIntStats } from 'node:fs';
import { fsync, readlinkSync } from 'node:fs';
import { Writable } from 'node:stream';
import { isatty } from 'node:tty';
import { promisify } from 'node:util';
import { isSameFile } from '../../../file-system.js';
import { descriptorFile, isFileOrDevice } from '../../../files/descriptor-file.js';
import { isSystemError } from '../../../system-error.js';
import { misuse } from '../../terminal/command-error.js';
import { FILE_TROUBLE } from '../../terminal/messages/files/files.js';
import { assertWritable, socketOver } from '../descriptors/descriptor-check.js';
import { fileId, statsOf, storedFileId } from '../descriptors/file-kind.js';
import { pipeOutput } from '../descriptors/own-pipe.js';
import { descriptorStream } from './descriptor-stream.js';
import type { Output, OutputWish } from './output.js';
import { WRITE_BUFFER } from './output.js';
import { writeFailure } from './write-failure.js';

const fsyncAsync = promisify(fsync);
/** The errors of file systems without it. */
const NO_SYNC = ['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EROFS'];

const STANDARD_OUTPUT = 1;
const STANDARD_ERROR = 2;

/** Standard output: its file stays in every case, so only the exit status tells of a failure. */
export function openStandardOutput(wish: OutputWish): Promise<Output> {
  return openDescriptor(STANDARD_OUTPUT, 'standard output', wish);
}

/** The same for any inherited descriptor. It is written at its current position, and left open. */
export async function openDescriptor(
  fd: number,
  name: string,
  { input, assertFree, notForTerminal, isText = false, mayVanish = false }: OutputWish,
): Promise<Output> {
  if (notForTerminal !== undefined && isatty(fd)) throw misuse(notForTerminal);
  const stats = await statsOf(fd);
  if (isSameFile(input?.storedId, storedFileId(stats)))
    throw misuse(FILE_TROUBLE.sameFile(input!.name, name));
  await assertFree?.(name, stats, stats.isFile() ? pathOf(fd) : undefined);
  assertWritable(fd, name, stats, mayVanish);
  const socket = stats.isSocket() ? socketOver(fd, name) : undefined;
  const file = isFileOrDevice(stats, fd) ? descriptorFile(fd) : undefined;
  const pipe = pipeOutput(fd);
  let stream: Writable | undefined;
  return {
    name,
    get file() {
      return file ?? pipe.end;
    },
    stream() {
      pipe.close();
      stream ??= streamTo(fd, socket ?? ownStream(fd, stats));
      return stream;
    },
    isSeenAtOnce: true,
    isMixed:
      !isText &&
      !stats.isCharacterDevice() &&
      isSameFile(fileId(stats), fileId(await statsOf(STANDARD_ERROR))),
    commit: async () => {
      pipe.close();
      if (stats.isFile() && !isText) await flush(fd, name);
    },
    discard: async () => pipe.close(),
  };
}

/** A full disk of another machine, or a quota, may only be reported here. */
async function flush(fd: number, name: string): Promise<void> {
  try {
    await fsyncAsync(fd);
  } catch (error) {
    if (isSystemError(error) && NO_SYNC.includes(error.code ?? '')) return;
    throw writeFailure(name, error);
  }
}

/** The path of the file of a descriptor; undefined if the system does not tell. */
function pathOf(fd: number): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return undefined;
  }
}

/** Node's own stream for the descriptor, if it has another end. */
function ownStream(fd: number, stats: BigIntStats): Writable | undefined {
  return fd === STANDARD_OUTPUT && (isatty(fd) || stats.isFIFO()) ? process.stdout : undefined;
}

function streamTo(fd: number, target: Writable | undefined): Writable {
  return target === undefined ? descriptorStream(fd) : over(target);
}

/** The caller of `write` gets the error by the callback. */
const ignore = (): void => undefined;

/** A stream that can be ended and destroyed without the stream below, which may still be written by others. */
function over(target: Writable): Writable {
  if (!target.listeners('error').includes(ignore)) target.on('error', ignore);
  return new Writable({
    highWaterMark: WRITE_BUFFER,
    write: (chunk: Buffer, _encoding, callback) => {
      target.write(chunk, callback);
    },
  });
}
