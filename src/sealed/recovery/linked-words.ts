import { WORD_SIZE } from '../../frames/layout.js';
import type { RecordOpener } from '../../frames/openers/record-opener.js';
import type { SlidingWindow } from './sliding-window.js';

/** Trying this many takes more work of the cipher than looking for words in everything that one search may reach. */
const MOST_KNOWN = 16_384;

/**
 * The length words of the record layout whose frames seem to be followed by others. Searches at neighbouring gaps reach
 * the same bytes, so what one has found is kept for the next.
 */
export class LinkedWords {
  readonly #window: SlidingWindow;
  readonly #size: number;
  readonly #opener: RecordOpener;
  /** All of them before the frontier, in order. Those before `#first` have been passed. */
  #known: number[] = [];
  #first = 0;
  #frontier = 0;
  /** The last valid length word of a frame that fits into the source, linked or not. */
  #lastWord = -1;

  constructor(window: SlidingWindow, size: number, opener: RecordOpener) {
    this.#window = window;
    this.#size = size;
    this.#opener = opener;
  }

  /** The offset up to which no byte is examined again. */
  get frontier(): number {
    return this.#frontier;
  }

  /** How many bytes behind a word are needed to see whether it is linked. */
  get reach(): number {
    return 2 * this.#opener.most + WORD_SIZE;
  }

  /** Forgets what is before this offset. */
  startAt(offset: number): void {
    this.#frontier = Math.max(this.#frontier, offset);
    while (this.#first < this.#known.length && this.#known[this.#first]! < offset) this.#first += 1;
    if (this.#first * 2 <= this.#known.length) return;
    this.#known = this.#known.slice(this.#first);
    this.#first = 0;
  }

  /** Whether a valid length word of a frame that fits into the source was found at this offset or behind it. */
  hasWordFrom(offset: number): boolean {
    return this.#lastWord >= offset;
  }

  /** Yields the offsets from `from` to `to`, in order. The window must hold what is in `reach` of each. */
  *between(from: number, to: number): Generator<number, void, void> {
    if (from < this.#frontier) {
      for (let i = this.#first; i < this.#known.length; i++) {
        const offset = this.#known[i]!;
        if (offset >= from && offset < to) yield offset;
      }
    }
    const begin = Math.max(from, this.#frontier);
    const bytes = this.#window.view(begin, to + this.reach);
    for (let offset = begin; offset < to; offset++) {
      const length = this.#opener.lengthAt(bytes, offset - begin);
      const fits = length !== undefined && offset + length <= this.#size;
      if (fits) this.#lastWord = Math.max(this.#lastWord, offset);
      const isLinked = fits && this.#isLinked(bytes, offset - begin + length);
      if (offset === this.#frontier) this.#remember(offset, isLinked);
      if (isLinked) yield offset;
    }
  }

  /** Moves the frontier behind this offset. Memory is bounded: if it is used up, the frontier stays. */
  #remember(offset: number, isLinked: boolean): void {
    if (isLinked) {
      if (this.#known.length - this.#first === MOST_KNOWN) return;
      this.#known.push(offset);
    }
    this.#frontier = offset + 1;
  }

  /** Whether the bytes at `position` may be two more frames, or the end. */
  #isLinked(bytes: Uint8Array, position: number): boolean {
    for (let at = position, count = 0; at < bytes.length && count < 2; count++) {
      const length = this.#opener.lengthAt(bytes, at);
      if (length === undefined) return false;
      at += length;
    }
    return true;
  }
}
