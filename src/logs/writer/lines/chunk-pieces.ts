import { MOST_UTF8 } from '../../units/line-text.js';

/** UTF-16 units of text encoded at a time. */
const PIECE = 32_768;
const NOTHING = Buffer.alloc(0);

/**
 * The bytes of chunks, one after the other. Text is encoded in pieces into reused memory, because fresh memory of the
 * size of a chunk costs more than the encoding. A piece ends with a line if one ends in it.
 */
export class ChunkPieces {
  #memory: Buffer | undefined;
  #text = '';
  #textAt = 0;

  /** @returns the first piece of a chunk, valid until the next one */
  first(chunk: Uint8Array | string, encoding: string): Buffer {
    if (typeof chunk !== 'string') return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    if (encoding !== 'utf8' && encoding !== 'utf-8') return Buffer.from(chunk, encoding as BufferEncoding);
    this.#text = chunk;
    this.#textAt = 0;
    return this.next();
  }

  /** The next piece; empty at the end of the chunk. */
  next(): Buffer {
    const length = this.#pieceLength();
    if (length === 0) {
      this.#text = '';
      return NOTHING;
    }
    this.#memory ??= Buffer.allocUnsafeSlow(PIECE * MOST_UTF8);
    const start = this.#textAt;
    this.#textAt += length;
    return this.#memory.subarray(0, this.#memory.write(this.#text.slice(start, this.#textAt), 'utf8'));
  }

  /** Wipes the remaining text. */
  wipe(): void {
    this.#memory?.fill(0);
    this.#text = '';
  }

  /** The number of units in the next piece. */
  #pieceLength(): number {
    const rest = this.#text.length - this.#textAt;
    if (rest <= PIECE) return rest;
    const line = this.#text.slice(this.#textAt, this.#textAt + PIECE).lastIndexOf('\n') + 1;
    if (line > 0) return line;
    // The halves of a surrogate pair are encoded together.
    const last = this.#text.charCodeAt(this.#textAt + PIECE - 1);
    return last >= 0xd800 && last <= 0xdbff ? PIECE - 1 : PIECE;
  }
}
