import type { IndexEntry, TimeIndex } from '../units/time-index.js';
import { ENTRY_SIZE, RECORDS_SIZE } from '../units/time-index.js';
import { HEAD_SIZE } from '../units/unit-limits.js';

/** Sealed bytes per entry at the beginning. */
const LEAST_SPAN = 262_144;
/** At this many entries, adjacent ones are merged in pairs. */
const MOST_ENTRIES = 4_096;
/** Bytes of a unit with an index before its entries (LOGS 6). */
const FIXED_SIZE = HEAD_SIZE + RECORDS_SIZE;

type Growing = { -readonly [K in keyof IndexEntry]: IndexEntry[K] };

/** Builds the time index of a segment as its units are written, with at most as many entries as fit into one unit. */
export class IndexBuilder {
  #entries: Growing[] = [];
  #span = LEAST_SPAN;
  readonly #most: number;

  /** @param frameSize bytes that a unit can have */
  constructor(frameSize: number) {
    this.#most = Math.min(MOST_ENTRIES, Math.floor((frameSize - FIXED_SIZE) / ENTRY_SIZE));
  }

  /** The earliest and latest time of the units so far; 0 and 0 without units. */
  get range(): { readonly first: number; readonly last: number } {
    if (this.#entries.length === 0) return { first: 0, last: 0 };
    const firsts = this.#entries.map(({ first }) => first);
    return { first: firsts.reduce((a, b) => Math.min(a, b)), last: this.#last };
  }

  get #last(): number {
    return this.#entries.reduce((latest, { last }) => Math.max(latest, last), 0);
  }

  /**
   * Adds a unit that begins at a frame. Call it in order.
   *
   * @param continued whether it begins in the middle of a line, so that reading cannot begin there
   */
  add(unit: IndexEntry, continued: boolean): void {
    const current = this.#entries.at(-1);
    if (current !== undefined && (continued || unit.offset - current.offset < this.#span)) {
      current.first = Math.min(current.first, unit.first);
      current.last = Math.max(current.last, unit.last);
      return;
    }
    this.#entries.push({ ...unit });
    if (this.#entries.length >= this.#most) this.#thinOut();
  }

  /** @param records lines of the whole segment; undefined if there are no units */
  build(records: number): TimeIndex | undefined {
    return this.#entries.length === 0 ? undefined : { records, entries: this.#entries };
  }

  #thinOut(): void {
    this.#span *= 2;
    const entries = this.#entries;
    this.#entries = [];
    for (let i = 0; i < entries.length; i += 2) {
      const [one, other] = [entries[i]!, entries[i + 1]];
      if (other !== undefined) {
        one.first = Math.min(one.first, other.first);
        one.last = Math.max(one.last, other.last);
      }
      this.#entries.push(one);
    }
  }
}
