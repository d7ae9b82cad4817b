import { NOTHING } from '../../../bytes.js';
import type { RecordOpener } from '../../../frames/openers/record-opener.js';

/**
 * Cuts bytes that arrive in windows into the frames of a segment. Frames are views, except those that span two windows.
 */
export class FrameCuts {
  readonly #opener: RecordOpener;
  /** The beginning of a frame from earlier windows. */
  #held: Uint8Array = NOTHING;
  #window: Uint8Array = NOTHING;
  #at = 0;

  constructor(opener: RecordOpener) {
    this.#opener = opener;
  }

  /** Takes a window. Call `keep` before. */
  take(window: Uint8Array): void {
    this.#window = window;
  }

  /** The next whole frame, or undefined. */
  next(): Uint8Array | undefined {
    if (this.#held.length > 0) return this.#across();
    const length = this.#opener.lengthAt(this.#window, this.#at);
    if (length === undefined || this.#at + length > this.#window.length) return undefined;
    const start = this.#at;
    this.#at += length;
    return this.#window.subarray(start, this.#at);
  }

  /** Copies the rest of the window, whose memory may then be reused. @returns all bytes kept */
  keep(): Uint8Array {
    const rest = this.#window.subarray(this.#at);
    if (rest.length > 0) this.#held = Buffer.concat([this.#held, rest]);
    this.#window = NOTHING;
    this.#at = 0;
    return this.#held;
  }

  #across(): Uint8Array | undefined {
    const joined = Buffer.concat([this.#held, this.#window.subarray(0, this.#opener.most)]);
    const length = this.#opener.lengthAt(joined, 0);
    if (length === undefined || length > joined.length) return undefined;
    this.#at = length - this.#held.length;
    this.#held = NOTHING;
    return joined.subarray(0, length);
  }
}
