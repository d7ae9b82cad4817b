import { throwIfAborted } from '../abort.js';
/** An open file or device, read from where it stands. A `FileHandle` is one. */
export interface ReadableFile {
  /** Fills the views one behind the other. @returns how many bytes came: 0 only at the end, otherwise any number */
  readv(views: readonly Uint8Array[]): Promise<{ readonly bytesRead: number }>;
}

/** An open file or device, written to where it stands. A `FileHandle` is one. */
export interface WritableFile {
  /** @returns how many bytes were taken, which may be any number of them */
  writev(views: readonly Uint8Array[]): Promise<{ readonly bytesWritten: number }>;
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
  for (let left = beyond(views, 0); left.length > 0; ) {
    throwIfAborted(stop);
    const { bytesRead } = await file.readv(left);
    if (bytesRead === 0) break;
    total += bytesRead;
    left = beyond(left, bytesRead);
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
  for (let left = beyond(views, 0); left.length > 0; ) {
    throwIfAborted(stop);
    const { bytesWritten } = await file.writev(left);
    if (bytesWritten === 0) throw takesNothing();
    taken(bytesWritten);
    left = beyond(left, bytesWritten);
  }
}

/** What is left of the views behind their first `count` bytes; it does not begin with an empty one. */
function beyond(views: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  let skipped = 0;
  let left = count;
  while (skipped < views.length && left >= views[skipped]!.length) left -= views[skipped++]!.length;
  if (left === 0) return skipped === 0 ? views : views.slice(skipped);
  return skipped === views.length ? [] : [views[skipped]!.subarray(left), ...views.slice(skipped + 1)];
}

/** Without it, a device that takes nothing and reports no error would be asked forever. */
function takesNothing(): Error {
  return Object.assign(new Error('EIO: nothing was taken, write'), { code: 'EIO', syscall: 'write' });
}
