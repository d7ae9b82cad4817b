import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { throwIfAborted } from '../abort.js';
import { optionsTypeError } from '../errors.js';
import type { ByteSource } from './byte-source.js';

/** Returns memory of a given length to read into. */
export type ReadMemory = (length: number) => Uint8Array;

/** An open file. */
export class FileSource implements ByteSource {
  readonly #handle: FileHandle;
  readonly #isOurs: boolean;

  /** @param isOurs whether `close` closes the file */
  constructor(handle: FileHandle, isOurs: boolean) {
    this.#handle = handle;
    this.#isOurs = isOurs;
  }

  async size(): Promise<number> {
    return (await this.#handle.stat()).size;
  }

  /** @returns fewer bytes only if the file ends before `end` */
  async read(
    start: number,
    end: number,
    signal: AbortSignal,
    memory: ReadMemory = Buffer.allocUnsafeSlow,
  ): Promise<Uint8Array> {
    const bytes = memory(end - start);
    const length = await this.readInto(bytes, start, signal);
    return length === bytes.length ? bytes : bytes.subarray(0, length);
  }

  /**
   * Reads from `start` until the memory is full. @returns the number of bytes read: less only if the file ends before
   */
  async readInto(memory: Uint8Array, start: number, signal: AbortSignal): Promise<number> {
    let length = 0;
    while (length < memory.length) {
      throwIfAborted(signal);
      const left = memory.length - length;
      const { bytesRead } = await this.#handle.read(memory, length, left, start + length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return length;
  }

  async close(): Promise<void> {
    if (this.#isOurs) await this.#handle.close();
  }
}

/**
 * Opens a file by its path, once. If the name is later given to another file, this source still reads the first one.
 *
 * @throws (rejects) the error of the system; TypeError `ERR_SEALPIPE_OPTIONS` for anything but a regular file
 */
export async function openFileSource(path: string | URL): Promise<FileSource> {
  // Without O_NONBLOCK, opening a FIFO waits for its writer. The flag has no effect on a regular file.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    return await handleSource(handle, true);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * Reads an open file without moving its position.
 *
 * @throws (rejects) TypeError `ERR_SEALPIPE_OPTIONS` for anything but a regular file
 */
export async function handleSource(handle: FileHandle, isOurs = false): Promise<FileSource> {
  if ((await handle.stat()).isFile()) return new FileSource(handle, isOurs);
  throw optionsTypeError(
    'The source is not a regular file, and cannot be read from anywhere but its beginning',
  );
}
