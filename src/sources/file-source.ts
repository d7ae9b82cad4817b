import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { optionsTypeError } from '../errors.js';
import type { ByteSource } from './byte-source.js';

/**
 * Opens a file by its path, once: whatever gets its name later, this source goes on to read the file that was opened.
 *
 * @throws (rejects) the error of the system; TypeError `ERR_SEALPIPE_OPTIONS` for anything but a regular file
 */
export async function openFileSource(path: string | URL): Promise<ByteSource> {
  // Without O_NONBLOCK, opening a FIFO waits for its writer. A regular file does not know the flag.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const source = await handleSource(handle);
    return { ...source, close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * Reads an open file, which is left open and whose position is left as it is.
 *
 * @throws (rejects) TypeError `ERR_SEALPIPE_OPTIONS` for anything but a regular file
 */
export async function handleSource(handle: FileHandle): Promise<ByteSource> {
  const stats = await handle.stat();
  if (!stats.isFile()) {
    throw optionsTypeError(
      'The source is not a regular file, and cannot be read from anywhere but its beginning',
    );
  }
  return {
    size: async () => (await handle.stat()).size,
    read: (start, end, signal) => readFrom(handle, start, end, signal),
  };
}

/** @returns fewer bytes only if the file ends before `end` */
async function readFrom(
  handle: FileHandle,
  start: number,
  end: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(end - start);
  let length = 0;
  while (length < bytes.length) {
    signal.throwIfAborted();
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length, start + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return length === bytes.length ? bytes : bytes.subarray(0, length);
}
