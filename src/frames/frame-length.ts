import { readU32 } from '../bytes.js';
import { TAG_SIZE } from '../suites.js';
import { FINAL, WORD_SIZE } from './layout.js';

/** What `FrameLength` answers if a frame's word is not complete. */
export const NO_WORD = 0;
/** What `FrameLength` answers if no writer could have written a frame's word. */
export const ILLEGAL_WORD = -1;

/** Bytes of a sealed frame, its word and tag included, told from its beginning (FORMAT 6). */
export class FrameLength {
  readonly #headSize: number;
  readonly #frameSize: number;
  /** Of a full frame: the most that one can have. */
  readonly most: number;

  /** @param headSize bytes of the word: none in the fixed layout */
  constructor(headSize: number, frameSize: number) {
    this.#headSize = headSize;
    this.#frameSize = frameSize;
    this.most = headSize + frameSize + TAG_SIZE;
  }

  /** Of the frame at `position`: that of a full one in the fixed layout, by its word in the other. */
  at(bytes: Uint8Array, position: number): number {
    if (this.#headSize === 0) return this.most;
    if (position + WORD_SIZE > bytes.length) return NO_WORD;
    const word = readU32(bytes, position);
    const length = word % FINAL;
    if (length > this.#frameSize || word === 0) return ILLEGAL_WORD;
    return WORD_SIZE + length + TAG_SIZE;
  }

  /** Bytes of plaintext in a sealed frame of `length` bytes. */
  plaintext(length: number): number {
    return length - this.#headSize - TAG_SIZE;
  }

  /** Whether `bytes`, a word that is there in part or as a whole, can be or become one that a writer wrote. */
  mayBegin(bytes: Uint8Array): boolean {
    // Filled up with zeros it is the least that it can become.
    const word = new Uint8Array(WORD_SIZE);
    word.set(bytes.subarray(0, WORD_SIZE));
    return readU32(word, 0) % FINAL <= this.#frameSize;
  }
}
