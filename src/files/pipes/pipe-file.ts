import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import type { PipeWatch } from '../../crypto/native/addon.js';
import { growPipe, packetSize, pipeCalls } from '../../crypto/native/pipe-calls.js';
import type { ReadablePipe, WritableFile } from '../byte-file.js';
import { PipeEnd } from './pipe-end.js';

/** A pipe as a file, until it is closed. */
interface PipeFile {
  /** Closes only what was opened here. May be called more than once. */
  close(): void;
}

/** The read end of a pipe. */
export type PipeSource = ReadablePipe & PipeFile;
/** The write end of a pipe. */
export type PipeSink = WritableFile & Required<Pick<WritableFile, 'giveUp'>> & PipeFile;

/** After this many bytes without a wait, it yields to the event loop: signals, timers. */
const TURN = 1_048_576;
/** The least that a read counts for: small reads also take time. */
const LEAST = 16_384;
/** More is not faster. */
const MOST = 1_048_576;

/**
 * Opens the pipe of a descriptor again, for reading: a separate open file description, whose flags nobody shares.
 *
 * @param size least capacity of the pipe in bytes, if the system allows it; 0 leaves it unchanged
 * @returns undefined if it is not a pipe, or cannot be opened or waited for
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
 * Calls back, at most once, when a pipe has lost its last reader: a writer that has nothing to write would not notice
 * otherwise. Never calls back if the system cannot tell. Keeps the process alive until it is ended.
 *
 * @param descriptor of the write end
 * @returns a function that ends the watch; may be called more than once
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
    // Nothing is ever read from this end, so it is ready only when it has failed.
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
    // Something else may be mounted at /proc.
    if (now.isFIFO() && now.dev === before.dev && now.ino === before.ino) return fd;
  } catch {
    // The given descriptor can still be used.
  }
  if (fd !== undefined) closeSync(fd);
  return undefined;
}
