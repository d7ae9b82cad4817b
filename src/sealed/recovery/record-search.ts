import { setImmediate } from 'node:timers/promises';
import type { RecordOpener, RecordPlace } from '../../frames/openers/record-opener.js';
import { LinkedWords } from './linked-words.js';
import type { SlidingWindow } from './sliding-window.js';

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
/** Bytes of cipher work before the event loop gets a turn. */
const TURN = 4 * 1_048_576;
/** What a trial of an empty frame counts as in that work, and a byte that is examined for the beginning of a word. */
const COST_OF_TRIAL = 2_048;
const COST_OF_BYTE = 8;

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
  readonly #window: SlidingWindow;
  readonly #size: number;
  readonly #opener: RecordOpener;
  readonly #linked: LinkedWords;
  #work = 0;
  #sinceTurn = 0;

  constructor(window: SlidingWindow, size: number, opener: RecordOpener) {
    this.#window = window;
    this.#size = size;
    this.#opener = opener;
    this.#linked = new LinkedWords(window, size, opener);
  }

  /** Adds bytes that were processed by the cipher elsewhere. */
  addWork(bytes: number): void {
    this.#work += bytes;
  }

  /**
   * First searches for the next frame that is followed by others, because few false candidates pass that test; then for
   * one before it.
   *
   * @param place where a frame was expected but did not verify, and where the window begins
   */
  async behind(place: RecordPlace, stop: AbortSignal): Promise<SearchResult> {
    const end = Math.min(this.#size, place.offset + MOST_BYTES);
    const terms = { place, end, indexes: MOST_INDEXES + 1, stop };
    const followed = await this.#followWords(terms);
    this.#linked.startAt(place.offset);
    const linked =
      followed === undefined
        ? await this.#scan({ ...terms, within: this.#size, isLinked: true })
        : { found: followed };
    // Without a length word there is nothing to try, for example in a hole full of zeros.
    if (linked.found === undefined && !this.#linked.hasWordFrom(place.offset)) return linked;
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
      await this.#window.readTo(offset + most, stop);
      const bytes = this.#window.view(offset, offset + most);
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
    let step = FIRST_STEP;
    for (let from = place.offset; from < end && indexes > 0; ) {
      const to = Math.min(end, Math.max(from + step, isLinked ? this.#linked.frontier : 0));
      await this.#window.readTo(to + this.#linked.reach, stop);
      for (const offset of isLinked ? this.#linked.between(from, to) : this.#words(from, to, within)) {
        const bytes = this.#window.view(offset, offset + this.#opener.most);
        const frame = bytes.subarray(0, this.#opener.lengthAt(bytes, 0));
        // The frame that is expected here was tried before.
        for (let ahead = offset === place.offset ? 1 : 0; ahead < indexes; ahead++) {
          if (!this.#maySpend(frame.length)) return { found: undefined, stopped: { offset, budget: 'work' } };
          const index = place.index + ahead;
          if (this.#verifies(index, frame)) return { found: { ...place, index, offset } };
          if (this.#sinceTurn > TURN) await this.#giveTurn(stop);
        }
      }
      this.#sinceTurn += (to - from) * COST_OF_BYTE;
      if (this.#sinceTurn > TURN) await this.#giveTurn(stop);
      from = to;
      step = Math.min(LAST_STEP, step * 2);
    }
    return { found: undefined, stopped: end < this.#size ? { offset: end, budget: 'gap' } : null };
  }

  /** Yields the offsets of all valid length words whose frames end within a bound. */
  *#words(from: number, to: number, within: number): Generator<number, void, void> {
    const bytes = this.#window.view(from, to + this.#opener.most);
    for (let offset = from; offset < to; offset++) {
      const length = this.#opener.lengthAt(bytes, offset - from);
      if (length !== undefined && offset + length <= within) yield offset;
    }
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
