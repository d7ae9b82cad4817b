import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { optionsTypeError } from '../../../errors.js';
import { readFull } from '../../../files/byte-file.js';

/** A file to upload: a `file:` URL, or an open file, which is read from its beginning and not closed. */
export type FileBody = URL | Pick<FileHandle, 'stat' | 'readv' | 'createReadStream'>;

/** Whether a body is a file, judged by its shape. */
export function isFileBody(body: unknown): body is FileBody {
  if (typeof body !== 'object' || body === null) return false;
  const { href, protocol, stat, readv } = body as Record<string, unknown>;
  return (
    (typeof href === 'string' && protocol === 'file:') ||
    (typeof stat === 'function' && typeof readv === 'function')
  );
}

/** A regular file, open for reading at any position. */
export class PlainFile {
  readonly #handle: Pick<FileHandle, 'stat' | 'readv' | 'createReadStream'>;
  readonly #close: () => Promise<void>;
  /** Its path; empty for a file that the caller has opened. */
  readonly path: string;
  /** Its size in bytes when it was opened. */
  readonly size: number;

  /** @throws (rejects) the error of the system; TypeError `ERR_SEALPIPE_OPTIONS` for anything but a regular file */
  static async open(body: FileBody): Promise<PlainFile> {
    if (!('href' in body)) return PlainFile.#over(body, '', async () => undefined);
    const path = resolve(fileURLToPath(body.href));
    // Without O_NONBLOCK, opening a FIFO waits for its writer. Windows has no such flag.
    const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const close = () => handle.close().catch(() => undefined);
    try {
      return await PlainFile.#over(handle, path, close);
    } catch (error) {
      await close();
      throw error;
    }
  }

  static async #over(
    handle: Pick<FileHandle, 'stat' | 'readv' | 'createReadStream'>,
    path: string,
    close: () => Promise<void>,
  ): Promise<PlainFile> {
    const stats = await handle.stat();
    if (stats.isFile()) return new PlainFile(handle, path, stats.size, close);
    throw optionsTypeError('`body` is not a regular file: pass its content as a stream');
  }

  private constructor(
    handle: Pick<FileHandle, 'stat' | 'readv' | 'createReadStream'>,
    path: string,
    size: number,
    close: () => Promise<void>,
  ) {
    this.#handle = handle;
    this.path = path;
    this.size = size;
    this.#close = close;
  }

  /** Reads from `start` until the views are full. @returns the bytes read: less only at the end of the file */
  read(start: number, views: readonly Uint8Array[], signal: AbortSignal): Promise<number> {
    let position = start;
    const file = {
      readv: async (left: readonly Uint8Array[]) => {
        const { bytesRead } = await this.#handle.readv(left, position);
        position += bytesRead;
        return { bytesRead };
      },
    };
    return readFull(file, views, signal);
  }

  /** The whole file, from its beginning. */
  stream(): Readable {
    return this.#handle.createReadStream({ start: 0, autoClose: false, highWaterMark: 1_048_576 });
  }

  /** Closes the file if it was opened here. Never rejects. */
  close(): Promise<void> {
    return this.#close();
  }
}
