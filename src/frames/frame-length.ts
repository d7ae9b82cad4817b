import { readU32 } from '../bytes.js';
import { TAG_SIZE } from '../suites.js';
import { FINAL, WORD_SIZE } from './layout.js';

/** The result of `FrameLength.at` if a frame's word is incomplete. */
export const NO_WORD = 0;
/** The result of `FrameLength.at` if no writer writes such a word. */
export const ILLEGAL_WORD = -1;

/** The length of a sealed frame in bytes, including its word and tag, read from its beginning (FORMAT 6). */
export class FrameLength {
  readonly #headSize: number;
  readonly #frameSize: number;
  /** The length of a full frame, which is the longest. */
  readonly most: number;

  /** @param headSize bytes of the word: 0 in the fixed layout */
  constructor(headSize: number, frameSize: number) {
    this.#headSize = headSize;
    this.#frameSize = frameSize;
    this.most = headSize + frameSize + TAG_SIZE;
  }

  /**
   * The length of the frame at `position`: always that of a full frame in the fixed layout, read from its word in the
   * record layout.
   */
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

  /** Whether `bytes` is a valid word or can be the beginning of one. */
  mayBegin(bytes: Uint8Array): boolean {
    // Padded with zeros, it is the smallest word that begins like this.
    const word = new Uint8Array(WORD_SIZE);
    word.set(bytes.subarray(0, WORD_SIZE));
    return readU32(word, 0) % FINAL <= this.#frameSize;
  }
}
