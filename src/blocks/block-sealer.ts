import { copyOf } from '../bytes.js';
import type { FrameCipher } from '../crypto/aead.js';
import { holdsAtMost } from '../frames/frame-errors.js';
import type { FrameBounds, FrameLayout } from '../frames/layout.js';
import { FORMAT_BOUNDS } from '../frames/layout.js';
import { TAG_SIZE } from '../suites.js';
import type { FrameBlock } from './frame-block.js';

/** Seals the frames of the fixed layout (FORMAT 6) in place, in a block. */
export class BlockSealer {
  readonly #cipher: FrameCipher;
  readonly #frameSize: number;
  readonly #aad: Buffer;
  readonly #bounds: FrameBounds;
  #frames = 0;
  #plaintext = 0;

  constructor(
    cipher: FrameCipher,
    { frameSize, aad }: Omit<FrameLayout, 'layout'>,
    bounds: FrameBounds = FORMAT_BOUNDS,
  ) {
    this.#cipher = cipher;
    this.#frameSize = frameSize;
    this.#aad = copyOf(aad);
    this.#bounds = bounds;
  }

  /** Frames sealed so far. */
  get frames(): number {
    return this.#frames;
  }

  /**
   * Seals the first `length` bytes of plaintext, which fill the bodies of the block's frames in their order.
   *
   * @param isLast adds the last frame, which holds the remaining bytes and may be empty; otherwise `length` is a whole
   * number of frames
   * @param done frames of the block that were sealed before
   * @returns the frames that were sealed now: a view of the block
   * @throws SealpipeError `ERR_SEALPIPE_LIMIT` at the bounds of a stream
   */
  seal({ memory, bodies }: FrameBlock, length: number, isLast: boolean, done = 0): Buffer {
    const { maxFrames, maxPlaintext } = this.#bounds;
    const whole = Math.floor(length / this.#frameSize);
    this.#plaintext += length - done * this.#frameSize;
    if (this.#plaintext > maxPlaintext) throw holdsAtMost(`${maxPlaintext} bytes`);
    // The last frame must still fit after them.
    if (this.#frames + whole - done >= maxFrames) throw holdsAtMost(`${maxFrames} frames`);
    const start = done * (this.#frameSize + TAG_SIZE);
    let end = start;
    for (let i = done; i < whole; i++, end += this.#frameSize + TAG_SIZE) {
      this.#cipher.seal(this.#frames++, this.#aad, bodies[i]!, memory, end);
    }
    if (isLast) {
      const plaintext = memory.subarray(end, end + (length % this.#frameSize));
      this.#cipher.seal(this.#frames++, this.#aad, plaintext, memory, end);
      end += plaintext.length + TAG_SIZE;
    }
    return memory.subarray(start, end);
  }

  /** Wipes the key. Nothing can be sealed afterwards. */
  wipe(): void {
    this.#cipher.wipe();
  }
}
