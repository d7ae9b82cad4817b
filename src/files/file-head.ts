import { throwIfAborted } from '../abort.js';
import { ByteGatherer } from '../bytes.js';
import type { Preamble } from '../format/preamble.js';
import { PreambleReader } from '../format/preamble.js';
import type { StreamHeader } from '../format/stream-header.js';
import type { PipeSizes, ReadableFile } from './byte-file.js';

const PIECE = 65_536;

/** The beginning of a sealed file. */
export interface FileHead {
  readonly header: StreamHeader;
  readonly preamble: Preamble;
  /** All bytes read: the preamble, and some that follow it. */
  readonly bytes: Uint8Array;
}

/**
 * Reads the preamble of a sealed file, and no more than 64 KiB beyond it.
 *
 * @throws SealpipeError `ERR_SEALPIPE_FORMAT`, `_UNSUPPORTED`, `_LIMIT` or `_TRUNCATED`; the reason of `stop` once it
 * is aborted; the file's own error
 */
export async function readHead(
  file: ReadableFile,
  stop: AbortSignal,
  reader: PreambleReader = new PreambleReader(),
): Promise<FileHead> {
  const gathered = new ByteGatherer();
  const piece = Buffer.alloc(PIECE);
  for (;;) {
    throwIfAborted(stop);
    const { bytesRead } = await file.readv([piece]);
    if (bytesRead === 0) throw reader.end();
    gathered.append(piece, 0, bytesRead, Number.POSITIVE_INFINITY);
    const { preamble } = reader.take(piece.subarray(0, bytesRead), 0);
    if (preamble !== undefined) return { header: preamble.header, preamble, bytes: gathered.bytes };
  }
}

/** A file whose remaining bytes are preceded by bytes that were put back. */
export class PutBack implements ReadableFile {
  readonly #file: ReadableFile;
  #bytes: Uint8Array;

  constructor(bytes: Uint8Array, file: ReadableFile) {
    this.#bytes = bytes;
    this.#file = file;
  }

  get pipe(): PipeSizes | undefined {
    return this.#file.pipe;
  }

  giveUp(why: unknown): void {
    this.#file.giveUp?.(why);
  }

  async readv(views: readonly Uint8Array[]): Promise<{ readonly bytesRead: number }> {
    if (this.#bytes.length === 0) return this.#file.readv(views);
    let bytesRead = 0;
    for (const view of views) {
      const piece = this.#bytes.subarray(0, view.length);
      view.set(piece);
      bytesRead += piece.length;
      this.#bytes = this.#bytes.subarray(piece.length);
    }
    return { bytesRead };
  }
}
