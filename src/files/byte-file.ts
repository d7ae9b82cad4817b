import { throwIfAborted } from '../abort.js';
import { viewsBeyond } from '../bytes.js';

/** Sizes of a pipe in bytes. */
export interface PipeSizes {
  /** Its capacity. */
  readonly holds: number;
  /** The least space for a read: a pipe in packet mode discards the rest of a packet that does not fit. */
  readonly packet: number;
}

/** An open file or device, read from its current position. A `FileHandle` is one. */
export interface ReadableFile {
  /** Fills the views one after the other. @returns how many bytes were read: 0 only at the end, otherwise any number */
  readv(views: readonly Uint8Array[]): Promise<{ readonly bytesRead: number }>;
  /** Present for a pipe, which returns available bytes at once: reading ahead gains nothing. */
  readonly pipe?: PipeSizes | undefined;
  /**
   * Present if reads or writes may wait for another process: ends the current wait, and every later one, with `why`.
   */
  giveUp?(why: unknown): void;
}

/** A pipe that is read without blocking a thread. */
export interface ReadablePipe extends ReadableFile {
  readonly pipe: PipeSizes;
  giveUp(why: unknown): void;
}

/** Whether a file is such a pipe. */
export function isReadablePipe(file: ReadableFile): file is ReadablePipe {
  return file.pipe !== undefined && file.giveUp !== undefined;
}

/** An open file or device, written at its current position. A `FileHandle` is one. */
export interface WritableFile {
  /** @returns how many bytes were written, which may be any number of them */
  writev(views: readonly Uint8Array[]): Promise<{ readonly bytesWritten: number }>;
  /**
   * Present if reads or writes may wait for another process: ends the current wait, and every later one, with `why`.
   */
  giveUp?(why: unknown): void;
}

/**
 * Reads until the views are full or the file ends, however the bytes arrive.
 *
 * @returns how many bytes were read: fewer than the views hold only at the end
 * @throws the reason of `stop` once it is aborted; the file's own error
 */
export async function readFull(
  file: ReadableFile,
  views: readonly Uint8Array[],
  stop: AbortSignal,
): Promise<number> {
  let total = 0;
  for (let left = viewsBeyond(views, 0); left.length > 0; ) {
    throwIfAborted(stop);
    const { bytesRead } = await file.readv(left);
    if (bytesRead === 0) break;
    total += bytesRead;
    left = viewsBeyond(left, bytesRead);
  }
  return total;
}

/**
 * Writes all of the views, however few bytes are taken at once.
 *
 * @param taken called for every piece that was written
 * @throws the reason of `stop` once it is aborted; the file's own error, or EIO of a file that takes nothing
 */
export async function writeFull(
  file: WritableFile,
  views: readonly Uint8Array[],
  stop: AbortSignal,
  taken: (bytes: number) => void,
): Promise<void> {
  for (let left = viewsBeyond(views, 0); left.length > 0; ) {
    throwIfAborted(stop);
    const { bytesWritten } = await file.writev(left);
    if (bytesWritten === 0) throw takesNothing();
    taken(bytesWritten);
    left = viewsBeyond(left, bytesWritten);
  }
}

/** Otherwise a device that takes nothing and reports no error would be called forever. */
function takesNothing(): Error {
  return Object.assign(new Error('EIO: nothing was taken, write'), { code: 'EIO', syscall: 'write' });
}
