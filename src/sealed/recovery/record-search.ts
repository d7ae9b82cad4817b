import { setImmediate } from 'node:timers/promises';
import { WORD_SIZE } from '../../frames/layout.js';
import type { RecordOpener, RecordPlace } from '../../frames/openers/record-opener.js';
import type { HeldSource } from '../../sources/held-source.js';

/** How many indexes ahead a frame is looked for. */
const MOST_INDEXES = 64;
/** How many bytes ahead. */
const MOST_BYTES = 16 * 1_048_576;
/**
 * How many times the size of the source is given to the cipher before a search ends. What is left of the stream comes on
 * top of it: once more at most, so that eight times are the limit in all.
 */
const MOST_WORK = 7;
/** Bytes that are looked through at once, at first and at most. */
const FIRST_STEP = 65_536;
const LAST_STEP = 1_048_576;
/** Bytes given to the cipher before others have a turn, and how many of them a trial of an empty frame is like. */
const TURN = 4 * 1_048_576;
const COST_OF_TRIAL = 2_048;

/** Where a search ended: at a frame that verifies, or with a budget used up, or at the end of the source. */
export type SearchResult =
  | { readonly found: RecordPlace }
  | { readonly found: undefined; readonly stopped: { offset: number; budget: 'gap' | 'work' } | null };

interface SearchTerms {
  readonly place: RecordPlace;
  /** Where in the stream the search ends. */
  readonly end: number;
  /** How many indexes are tried, from that of the place on. */
  readonly indexes: number;
  readonly stop: AbortSignal;
}

interface ScanTerms extends SearchTerms {
  /** Whether only frames are tried that others seem to follow. */
  readonly isLinked: boolean;
}

/** Finds the next frame of the record layout behind damage, within budgets. */
export class RecordSearch {
  readonly #source: HeldSource;
  readonly #size: number;
  readonly #opener: RecordOpener;
  #work = 0;
  #sinceTurn = 0;
  /** Whether the last scan has come to a legal word, of a frame that the source has room for. */
  #sawWord = false;

  constructor(source: HeldSource, size: number, opener: RecordOpener) {
    this.#source = source;
    this.#size = size;
    this.#opener = opener;
  }

  /** Counts bytes that were given to the cipher elsewhere. */
  addWork(bytes: number): void {
    this.#work += bytes;
  }

  /**
   * First the next frame that others follow, which is cheap to tell from chance; then whether there is one before it.
   *
   * @param place where a frame was expected that does not verify
   */
  async behind(place: RecordPlace, stop: AbortSignal): Promise<SearchResult> {
    const end = Math.min(this.#size, place.offset + MOST_BYTES);
    const terms = { place, end, indexes: MOST_INDEXES + 1, stop };
    const followed = await this.#followWords(terms);
    const linked =
      followed === undefined ? await this.#scan({ ...terms, isLinked: true }) : { found: followed };
    // Without a word there is nothing to try at all, as in a hole full of zeros.
    if (linked.found === undefined && !this.#sawWord) return linked;
    if (linked.found === undefined) return this.#scan({ ...terms, isLinked: false });
    const { index, offset } = linked.found;
    const between = { ...terms, end: offset, indexes: index - place.index, isLinked: false };
    const { found = linked.found } = await this.#scan(between);
    return { found };
  }

  /** A word may be right although its frame is damaged: then it leads to the next frame at once. */
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

  /** Looks at each offset that has a legal word, in order. */
  async #scan({ place, end, indexes, stop, isLinked }: ScanTerms): Promise<SearchResult> {
    const { most } = this.#opener;
    let step = FIRST_STEP;
    this.#sawWord = false;
    for (let from = place.offset; from < end && indexes > 0; ) {
      const to = Math.min(end, from + step);
      const bytes = await this.#source.read(from, Math.min(this.#size, to + 2 * most + WORD_SIZE), stop);
      for (let offset = from; offset < to; offset++) {
        const length = this.#opener.lengthAt(bytes, offset - from);
        if (length === undefined || offset + length > this.#size) continue;
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

  /** Whether what lies at `position` may be two more frames, or the end. */
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
