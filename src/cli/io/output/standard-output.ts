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
/** What file systems answer that have no such thing. */
const NO_SYNC = ['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EROFS'];

const STANDARD_OUTPUT = 1;
const STANDARD_ERROR = 2;

/** What the shell gave us to write to: its file stays whatever happens, so the exit status alone tells of a failure. */
export function openStandardOutput(wish: OutputWish): Promise<Output> {
  return openDescriptor(STANDARD_OUTPUT, 'standard output', wish);
}

/** The same for any descriptor that we were started with. It is written to where it stands, and left open. */
export async function openDescriptor(
  fd: number,
  name: string,
  { input, assertFree, notForTerminal, isText = false }: OutputWish,
): Promise<Output> {
  if (notForTerminal !== undefined && isatty(fd)) throw misuse(notForTerminal);
  const stats = await statsOf(fd);
  if (isSameFile(input?.storedId, storedFileId(stats)))
    throw misuse(FILE_TROUBLE.sameFile(input!.name, name));
  await assertFree?.(name, stats, stats.isFile() ? pathOf(fd) : undefined);
  assertWritable(fd, name, stats, isText);
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

/** A full disk of another machine, or a quota, may be heard of only here. */
async function flush(fd: number, name: string): Promise<void> {
  try {
    await fsyncAsync(fd);
  } catch (error) {
    if (isSystemError(error) && NO_SYNC.includes(error.code ?? '')) return;
    throw writeFailure(name, error);
  }
}

/** Where the file of a descriptor is; undefined where the system does not say. */
function pathOf(fd: number): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return undefined;
  }
}

/** What Node itself writes to the descriptor with, where somebody is at its other end. */
function ownStream(fd: number, stats: BigIntStats): Writable | undefined {
  return fd === STANDARD_OUTPUT && (isatty(fd) || stats.isFIFO()) ? process.stdout : undefined;
}

function streamTo(fd: number, target: Writable | undefined): Writable {
  return target === undefined ? descriptorStream(fd) : over(target);
}

/** Whoever writes hears of it by the callback. */
const ignore = (): void => undefined;

/** A stream that can be ended and destroyed without the one below, which others may go on writing to. */
function over(target: Writable): Writable {
  if (!target.listeners('error').includes(ignore)) target.on('error', ignore);
  return new Writable({
    highWaterMark: WRITE_BUFFER,
    write: (chunk: Buffer, _encoding, callback) => {
      target.write(chunk, callback);
    },
  });
}
