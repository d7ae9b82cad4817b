import { holdsAtMost } from './frame-errors.js';
import type { FrameBounds } from './layout.js';

/** Counts the frames of a stream that is sealed, and their plaintext, up to the bounds of a stream. */
export class SealedCount {
  readonly #bounds: FrameBounds;
  #frames = 0;
  #plaintext = 0;

  constructor(bounds: FrameBounds) {
    this.#bounds = bounds;
  }

  /** Frames so far. */
  get frames(): number {
    return this.#frames;
  }

  /** Counts plaintext. @throws SealpipeError `ERR_SEALPIPE_LIMIT` if a stream does not hold them */
  take(length: number): void {
    this.#plaintext += length;
    if (this.#plaintext > this.#bounds.maxPlaintext) throw holdsAtMost(`${this.#bounds.maxPlaintext} bytes`);
  }

  /**
   * Counts frames before the last one.
   *
   * @returns the index of the first
   * @throws SealpipeError `ERR_SEALPIPE_LIMIT` if no last frame could follow them
   */
  next(count = 1): number {
    const index = this.#frames;
    if (index + count >= this.#bounds.maxFrames) throw holdsAtMost(`${this.#bounds.maxFrames} frames`);
    this.#frames += count;
    return index;
  }

  /** Counts the last frame. @returns its index */
  last(): number {
    return this.#frames++;
  }
}
