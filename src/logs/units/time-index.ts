import { readU32, writeU32 } from '../../bytes.js';
import { readU64, writeU64 } from './numbers.js';
import { illegal } from './unit-faults.js';

/** An entry for the units from one frame up to that of the next entry, or up to the index. */
export interface IndexEntry {
  readonly frame: number;
  /** The start of that frame, in bytes after the preamble. */
  readonly offset: number;
  /** Lines that end before it. */
  readonly records: number;
  /** The earliest and the latest time in these units, in milliseconds since 1970. */
  readonly first: number;
  readonly last: number;
}

/** The content of a segment by time. */
export interface TimeIndex {
  /** Lines of the segment. */
  readonly records: number;
  /** From the first unit on, without gaps; at least one. */
  readonly entries: readonly IndexEntry[];
}

export const RECORDS_SIZE = 8;
export const ENTRY_SIZE = 36;
/** The most entries in one unit. */
export const MAX_INDEX_ENTRIES = Math.floor((1_048_576 - RECORDS_SIZE) / ENTRY_SIZE);

/** The body of the unit. */
export function encodeTimeIndex({ records, entries }: TimeIndex): Uint8Array {
  const body = new Uint8Array(RECORDS_SIZE + entries.length * ENTRY_SIZE);
  writeU64(body, 0, records);
  for (const [i, entry] of entries.entries()) {
    const at = RECORDS_SIZE + i * ENTRY_SIZE;
    writeU32(body, at, entry.frame);
    writeU64(body, at + 4, entry.offset);
    writeU64(body, at + 12, entry.records);
    writeU64(body, at + 20, entry.first);
    writeU64(body, at + 28, entry.last);
  }
  return body;
}

/** The earliest and latest time of the entries: the times in the head of the index's unit. */
export function rangeOf(entries: readonly Pick<IndexEntry, 'first' | 'last'>[]): {
  first: number;
  last: number;
} {
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  for (const entry of entries) {
    first = Math.min(first, entry.first);
    last = Math.max(last, entry.last);
  }
  return { first, last };
}

/**
 * Reads the body of a time index.
 *
 * @throws SealpipeError `ERR_SEALPIPE_FORMAT`
 */
export function decodeTimeIndex(body: Uint8Array): TimeIndex {
  const count = (body.length - RECORDS_SIZE) / ENTRY_SIZE;
  if (!Number.isInteger(count) || count < 1) throw illegal('the length of a time index');
  const records = number(body, 0);
  const entries: IndexEntry[] = [];
  let before: IndexEntry | undefined;
  for (let at = RECORDS_SIZE; at < body.length; at += ENTRY_SIZE) {
    const entry = {
      frame: readU32(body, at),
      offset: number(body, at + 4),
      records: number(body, at + 12),
      first: number(body, at + 20),
      last: number(body, at + 28),
    };
    if (entry.first > entry.last || !follows(before, entry) || entry.records > records) {
      throw illegal('an entry of a time index');
    }
    entries.push(entry);
    before = entry;
  }
  return { records, entries };
}

function follows(before: IndexEntry | undefined, { frame, offset, records }: IndexEntry): boolean {
  if (before === undefined) return frame === 0 && offset === 0 && records === 0;
  return frame > before.frame && offset > before.offset && records >= before.records;
}

function number(body: Uint8Array, at: number): number {
  const value = readU64(body, at);
  if (value === undefined) throw illegal('a number of a time index');
  return value;
}
