import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import type { PipeWatch } from '../../crypto/native/addon.js';
import { growPipe, packetSize, pipeCalls } from '../../crypto/native/pipe-calls.js';
import type { ReadableFile, WritableFile } from '../byte-file.js';
import { PipeEnd } from './pipe-end.js';

/** A pipe as a file, until it is closed. */
interface PipeFile {
  /** Closes what was opened here, and nothing else. May be called more than once. */
  close(): void;
}

/** The end of a pipe that bytes come out of. */
export type PipeSource = ReadableFile & Required<Pick<ReadableFile, 'pipe' | 'giveUp'>> & PipeFile;
/** The end of a pipe that bytes go into. */
export type PipeSink = WritableFile & Required<Pick<WritableFile, 'giveUp'>> & PipeFile;

/** After so many bytes without a wait, whatever else the process has to do gets its turn: signals, timers. */
const TURN = 1_048_576;
/** What a read counts for at least: those of a slow writer also take time. */
const LEAST = 16_384;
/** More is no faster. */
const MOST = 1_048_576;

/**
 * Opens the pipe behind a descriptor once more, for reading: an open file description of our own, whose flags nobody
 * shares.
 *
 * @param size bytes that the pipe should hold at least, if the system lets it; 0: it stays as it is
 * @returns undefined if it is no pipe, or cannot be opened or waited for
 */
export function pipeSource(descriptor: number, size: number): PipeSource | undefined {
  const opened = openedOnceMore(descriptor, constants.O_RDONLY, size);
  if (opened === undefined) return undefined;
  const { end, holds } = opened;
  let sinceTurn = 0;
  return {
    pipe: { holds: Math.min(holds, MOST), packet: packetSize() },
    async readv(views) {
      if (sinceTurn >= TURN) {
        sinceTurn = 0;
        await new Promise<void>((resolve) => void setImmediate(resolve));
      }
      const bytesRead = await end.move(views);
      sinceTurn += Math.max(bytesRead, LEAST);
      return { bytesRead };
    },
    giveUp: (why) => end.giveUp(why),
    close: () => end.close(),
  };
}

/** The same, for writing. */
export function pipeSink(descriptor: number, size: number): PipeSink | undefined {
  const end = openedOnceMore(descriptor, constants.O_WRONLY, size)?.end;
  if (end === undefined) return undefined;
  return {
    writev: async (views) => ({ bytesWritten: await end.move(views) }),
    giveUp: (why) => end.giveUp(why),
    close: () => end.close(),
  };
}

/**
 * Calls back, at most once, when a pipe has lost its last reader, which whoever has nothing to write would not learn
 * otherwise. Where the system cannot tell, it never does. Until it is ended it keeps the process alive.
 *
 * @param descriptor of the end that is written to
 * @returns ends it; may be called more than once
 */
export function whenReadersLeave(descriptor: number, gone: () => void): () => void {
  const fd = reopened(descriptor, constants.O_WRONLY);
  if (fd === undefined) return () => undefined;
  let watch: PipeWatch | undefined;
  let isOver = false;
  const end = (): void => {
    if (isOver) return;
    isOver = true;
    watch?.close();
    closeSync(fd);
  };
  try {
    watch = pipeCalls(fd, () => {
      end();
      gone();
    }).watch;
    // Nothing is ever read from this end: it is ready when it has failed.
    watch.wait(false);
  } catch {
    end();
  }
  return end;
}

function openedOnceMore(
  descriptor: number,
  access: number,
  size: number,
): { readonly end: PipeEnd; readonly holds: number } | undefined {
  const fd = reopened(descriptor, access);
  if (fd === undefined) return undefined;
  const release = () => closeSync(fd);
  try {
    const holds = growPipe(fd, size);
    const forRoom = access === constants.O_WRONLY;
    return { holds, end: new PipeEnd((wake) => pipeCalls(fd, wake), { forRoom, release }) };
  } catch {
    release();
    return undefined;
  }
}

/** Only Linux has such names. A FIFO without a reader is not opened for writing, nor a pipe of another user. */
function reopened(descriptor: number, access: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  let fd: number | undefined;
  try {
    const before = fstatSync(descriptor, { bigint: true });
    if (!before.isFIFO()) return undefined;
    fd = openSync(`/proc/self/fd/${descriptor}`, access | constants.O_NONBLOCK);
    const now = fstatSync(fd, { bigint: true });
    // What is mounted at /proc may be anything.
    if (now.isFIFO() && now.dev === before.dev && now.ino === before.ino) return fd;
  } catch {
    // The descriptor that was given can still be used.
  }
  if (fd !== undefined) closeSync(fd);
  return undefined;
}
