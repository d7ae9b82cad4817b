import type { SizedHeader } from '../format/sizes.js';
import { TAG_SIZE } from '../suites.js';
import { goesBeyond, truncated } from './frame-errors.js';
import type { FrameBounds } from './layout.js';
import { FORMAT_BOUNDS } from './layout.js';

/** The last frame of a stream, by the stream's size: a claim until its tag has verified (FORMAT 6, "Parts"). */
export interface LastFrame {
  readonly index: number;
  /** Where it starts in the stream. */
  readonly start: number;
  /** Where it ends: the size of the stream. */
  readonly end: number;
  /** Bytes of plaintext in it. */
  readonly length: number;
  /** Bytes of plaintext in the whole stream. */
  readonly plaintext: number;
}

/** Where the frames of a stream in the fixed layout lie (FORMAT 6). */
export class FramePositions {
  readonly frameSize: number;
  readonly #preambleSize: number;
  readonly #unit: number;

  constructor({ frameSize, preambleSize }: Omit<SizedHeader, 'layout'>) {
    this.frameSize = frameSize;
    this.#preambleSize = preambleSize;
    this.#unit = frameSize + TAG_SIZE;
  }

  /** Where frame `index` starts in the stream. */
  start(index: number): number {
    return this.#preambleSize + index * this.#unit;
  }

  /** The frame that holds a byte of plaintext. */
  indexOf(offset: number): number {
    return Math.floor(offset / this.frameSize);
  }

  /** How many full frames fit in a stream of `size` bytes. */
  fullFrames(size: number): number {
    return Math.floor(Math.max(0, size - this.#preambleSize) / this.#unit);
  }

  /** How many of them are within the bounds of a stream. Each can be opened by itself, whatever follows. */
  openable(size: number, { maxFrames, maxPlaintext }: FrameBounds = FORMAT_BOUNDS): number {
    return Math.min(this.fullFrames(size), maxFrames, Math.floor(maxPlaintext / this.frameSize));
  }

  /**
   * The last frame of a stream of `size` bytes.
   *
   * @throws SealpipeError `ERR_SEALPIPE_TRUNCATED` for a size that no whole stream has, `_LIMIT` beyond the bounds
   */
  last(size: number, { maxFrames, maxPlaintext }: FrameBounds = FORMAT_BOUNDS): LastFrame {
    const index = this.fullFrames(size);
    const rest = Math.max(0, size - this.#preambleSize) - index * this.#unit;
    const length = rest - TAG_SIZE;
    const isMissing = length < 0;
    const plaintext = index * this.frameSize + (isMissing ? 0 : length);
    // A frame beyond the bounds is refused before the end of the stream is seen.
    if (index + (isMissing ? 0 : 1) > maxFrames) throw goesBeyond(`${maxFrames} frames`);
    if (plaintext > maxPlaintext) throw goesBeyond(`${maxPlaintext} bytes`);
    if (isMissing) throw truncated();
    return { index, start: this.start(index), end: size, length, plaintext };
  }
}
