import { throwIfAborted } from '../abort.js';
import { viewsBeyond } from '../bytes.js';

/** Bytes of a pipe. */
export interface PipeSizes {
  /** What it holds at most. */
  readonly holds: number;
  /** What a read must have room for: of a pipe in packet mode, the rest of a packet that has no room is thrown away. */
  readonly packet: number;
}

/** An open file or device, read from where it stands. A `FileHandle` is one. */
export interface ReadableFile {
  /** Fills the views one behind the other. @returns how many bytes came: 0 only at the end, otherwise any number */
  readv(views: readonly Uint8Array[]): Promise<{ readonly bytesRead: number }>;
  /** Of a pipe, which gives what is there in no time: nothing is gained by beginning to read early. */
  readonly pipe?: PipeSizes | undefined;
  /** Of what waits for somebody: ends the wait that is under way, and every later one, with `why`. */
  giveUp?(why: unknown): void;
}

/** An open file or device, written to where it stands. A `FileHandle` is one. */
export interface WritableFile {
  /** @returns how many bytes were taken, which may be any number of them */
  writev(views: readonly Uint8Array[]): Promise<{ readonly bytesWritten: number }>;
  /** Of what waits for somebody: ends the wait that is under way, and every later one, with `why`. */
  giveUp?(why: unknown): void;
}

/**
 * Reads until the views are full or the file ends, whatever pieces the bytes come in.
 *
 * @returns how many bytes came: fewer than the views hold only at the end
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
 * @param taken hears of every piece that was written
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

/** Without it, a device that takes nothing and reports no error would be asked forever. */
function takesNothing(): Error {
  return Object.assign(new Error('EIO: nothing was taken, write'), { code: 'EIO', syscall: 'write' });
}
