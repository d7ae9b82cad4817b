import type { PlacedUnit } from '../archive/reading/segment-units.js';
import type { IndexUnit } from '../units/unit.js';
import { illegal } from '../units/unit-faults.js';

interface Seen {
  readonly frame: number;
  readonly offset: number;
  readonly records: number;
  readonly first: number;
  readonly last: number;
  readonly continued: boolean;
}

/** Compares the time index of a segment with its units. */
export class IndexCheck {
  readonly #seen: Seen[] = [];

  /** @param records lines that end before the unit */
  add({ unit, frame, offset }: PlacedUnit, records: number): void {
    const { first, last } = unit;
    const continued = unit.type === 'lines' && unit.continued;
    this.#seen.push({ frame, offset, records, first, last, continued });
  }

  /** @throws SealpipeError `ERR_SEALPIPE_FORMAT` if the index differs from the units */
  assertRight({ entries, records }: IndexUnit, lines: number): void {
    let at = 0;
    for (const [i, entry] of entries.entries()) {
      const begin = this.#seen[at];
      const end = entries[i + 1]?.offset ?? Number.POSITIVE_INFINITY;
      let [first, last] = [Number.POSITIVE_INFINITY, 0];
      for (; at < this.#seen.length && this.#seen[at]!.offset < end; at++) {
        first = Math.min(first, this.#seen[at]!.first);
        last = Math.max(last, this.#seen[at]!.last);
      }
      const isRight =
        begin?.offset === entry.offset &&
        begin.frame === entry.frame &&
        begin.records === entry.records &&
        !begin.continued &&
        first === entry.first &&
        last === entry.last;
      if (!isRight) throw illegal('its time index does not say what its units do');
    }
    if (records !== lines) throw illegal('its time index does not count its lines');
  }
}
