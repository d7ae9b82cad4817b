import { setImmediate } from 'node:timers/promises';
import { WORD_SIZE } from '../../frames/layout.js';
import type { RecordOpener, RecordPlace } from '../../frames/openers/record-opener.js';
import type { HeldSource } from '../../sources/held-source.js';

/** How many indexes ahead a frame is searched for. */
const MOST_INDEXES = 64;
/** How many bytes ahead a frame is searched for. */
const MOST_BYTES = 16 * 1_048_576;
/**
 * A search ends when the cipher has processed this many times the size of the source. Reading the rest of the stream
 * adds at most one more time, so the total limit is eight times the size.
 */
const MOST_WORK = 7;
/** The size of the first step of a scan, and of the largest, in bytes. */
const FIRST_STEP = 65_536;
const LAST_STEP = 1_048_576;
/** Bytes of cipher work before the event loop gets a turn, and the work that one trial of an empty frame counts as. */
const TURN = 4 * 1_048_576;
const COST_OF_TRIAL = 2_048;

/** The end of a search: at a frame that verifies, with a budget used up, or at the end of the source. */
export type SearchResult =
  | { readonly found: RecordPlace }
  | { readonly found: undefined; readonly stopped: { offset: number; budget: 'gap' | 'work' } | null };

interface SearchTerms {
  readonly place: RecordPlace;
  /** The offset in the stream where the search ends. */
  readonly end: number;
  /** How many indexes are tried, starting with that of the place. */
  readonly indexes: number;
  readonly stop: AbortSignal;
}

interface ScanTerms extends SearchTerms {
  /** Whether only frames are tried that seem to be followed by others. */
  readonly isLinked: boolean;
  /** Frames must end here or before. */
  readonly within: number;
}

/** Searches for the next frame of the record layout after damage, within budgets. */
export class RecordSearch {
  readonly #source: HeldSource;
  readonly #size: number;
  readonly #opener: RecordOpener;
  #work = 0;
  #sinceTurn = 0;
  /** Whether the last scan found a valid length word of a frame that fits into the source. */
  #sawWord = false;

  constructor(source: HeldSource, size: number, opener: RecordOpener) {
    this.#source = source;
    this.#size = size;
    this.#opener = opener;
  }

  /** Adds bytes that were processed by the cipher elsewhere. */
  addWork(bytes: number): void {
    this.#work += bytes;
  }

  /**
   * First searches for the next frame that is followed by others, because few false candidates pass that test; then for
   * one before it.
   *
   * @param place where a frame was expected but did not verify
   */
  async behind(place: RecordPlace, stop: AbortSignal): Promise<SearchResult> {
    const end = Math.min(this.#size, place.offset + MOST_BYTES);
    const terms = { place, end, indexes: MOST_INDEXES + 1, stop };
    const followed = await this.#followWords(terms);
    const linked =
      followed === undefined
        ? await this.#scan({ ...terms, within: this.#size, isLinked: true })
        : { found: followed };
    // Without a length word there is nothing to try, for example in a hole full of zeros.
    if (linked.found === undefined && !this.#sawWord) return linked;
    if (linked.found === undefined) return this.#scan({ ...terms, within: this.#size, isLinked: false });
    const { index, offset } = linked.found;
    // Frames do not overlap: one before this ends before it.
    const between = { ...terms, end: offset, within: offset, indexes: index - place.index, isLinked: false };
    const { found = linked.found } = await this.#scan(between);
    return { found };
  }

  /** A length word may be intact although its frame is damaged. Then it leads to the next frame at once. */
  async #followWords({ place, end, indexes, stop }: SearchTerms): Promise<RecordPlace | undefined> {
    const { most } = this.#opener;
    let { offset } = place;
    for (let ahead = 0; ahead < indexes && offset < end; ahead++) {
      const bytes = await this.#source.read(offset, Math.min(this.#size, offset + most), stop);
      const length = this.#opener.lengthAt(bytes, 0);
      if (length === undefined || length > bytes.length) return undefined;
      if (ahead > 0) {
        if (!this.#maySpend(length)) return undefined;
        if (this.#verifies(place.index + ahead, bytes.subarray(0, length))) {
          return { ...place, index: place.index + ahead, offset };
        }
      }
      offset += length;
    }
    return undefined;
  }

  /** Examines each offset that has a valid length word, in order. */
  async #scan({ place, end, within, indexes, stop, isLinked }: ScanTerms): Promise<SearchResult> {
    const { most } = this.#opener;
    let step = FIRST_STEP;
    this.#sawWord = false;
    for (let from = place.offset; from < end && indexes > 0; ) {
      const to = Math.min(end, from + step);
      const bytes = await this.#source.read(from, Math.min(this.#size, to + 2 * most + WORD_SIZE), stop);
      for (let offset = from; offset < to; offset++) {
        const length = this.#opener.lengthAt(bytes, offset - from);
        if (length === undefined || offset + length > within) continue;
        this.#sawWord = true;
        if (isLinked && !this.#isLinked(bytes, offset - from + length)) continue;
        const frame = bytes.subarray(offset - from, offset - from + length);
        // The frame that is expected here was tried before.
        for (let ahead = offset === place.offset ? 1 : 0; ahead < indexes; ahead++) {
          if (!this.#maySpend(length)) return { found: undefined, stopped: { offset, budget: 'work' } };
          const index = place.index + ahead;
          if (this.#verifies(index, frame)) return { found: { ...place, index, offset } };
          if (this.#sinceTurn > TURN) await this.#giveTurn(stop);
        }
      }
      from = to;
      step = Math.min(LAST_STEP, step * 2);
    }
    return { found: undefined, stopped: end < this.#size ? { offset: end, budget: 'gap' } : null };
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

  #maySpend(bytes: number): boolean {
    return this.#work + bytes <= MOST_WORK * this.#size;
  }

  #verifies(index: number, frame: Uint8Array): boolean {
    this.#work += frame.length;
    this.#sinceTurn += frame.length + COST_OF_TRIAL;
    return this.#opener.verifies(index, frame);
  }

  async #giveTurn(stop: AbortSignal): Promise<void> {
    this.#sinceTurn = 0;
    await setImmediate();
    stop.throwIfAborted();
  }
}
