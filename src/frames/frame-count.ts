import { goesBeyond } from './frame-errors.js';
import type { FrameBounds } from './layout.js';

/** Counts what a reader has opened, and enforces the bounds of FORMAT 6. */
export class FrameCount {
  readonly #bounds: FrameBounds;
  #frames = 0;
  #plaintext = 0;

  constructor(bounds: FrameBounds) {
    this.#bounds = bounds;
  }

  /** Frames opened so far, which is the index of the next. */
  get frames(): number {
    return this.#frames;
  }

  /** @throws SealpipeError `ERR_SEALPIPE_LIMIT` if no further frame of `size` bytes may be opened */
  assertRoom(size: number): void {
    const { maxFrames, maxPlaintext } = this.#bounds;
    if (this.#frames >= maxFrames) throw goesBeyond(`${maxFrames} frames`);
    if (this.#plaintext + size > maxPlaintext) throw goesBeyond(`${maxPlaintext} bytes`);
  }

  /** How many of `count` frames of `size` bytes stay within the bounds. @throws like `assertRoom` if none do */
  within(count: number, size: number): number {
    this.assertRoom(size);
    const { maxFrames, maxPlaintext } = this.#bounds;
    return Math.min(count, maxFrames - this.#frames, Math.floor((maxPlaintext - this.#plaintext) / size));
  }

  /** Counts frames that were opened, and their bytes. */
  add(frames: number, plaintext: number): void {
    this.#frames += frames;
    this.#plaintext += plaintext;
  }
}
