import { isUtf8 } from 'node:buffer';
import { asBuffer } from '../../bytes.js';
import { illegal } from './unit-faults.js';
import { MAX_NUMBER } from './unit-limits.js';

/** A place in a segment. */
export interface SegmentPlace {
  readonly index: number;
  /** Bytes after the preamble, so that a re-wrap that changes the length of the preamble does not change it. */
  readonly offset: number;
  /** Lines of this segment that end before it. */
  readonly records: number;
}

/** The first record of every segment except the first: how its writer found the previous segment. */
export interface PredecessorRecord {
  readonly kind: 'predecessor';
  readonly index: number;
  /** Bytes after its preamble. */
  readonly offset: number;
  /** Whether it has its last frame, as far as the writer of its successor, which holds no key, can tell. */
  readonly whole: boolean;
  /** The last acknowledgement; null if none was known. */
  readonly acknowledged: SegmentPlace | null;
  /** Whether less was found than had been acknowledged, and the writer was told to continue. */
  readonly loss: boolean;
}

/** Lines that were dropped because the writer was full. */
export interface DropRecord {
  readonly kind: 'drop';
  readonly lines: number;
  readonly bytes: number;
  /** Arrival of the first and of the last of them, in milliseconds since 1970. */
  readonly first: number;
  readonly last: number;
}

/** No line arrived, but the writer runs. */
export interface HeartbeatRecord {
  readonly kind: 'heartbeat';
  /** Lines of this segment that end before it. */
  readonly records: number;
}

/** A record of the writer about itself. */
export type ControlRecord = PredecessorRecord | DropRecord | HeartbeatRecord;

/** The body of the unit. */
export function encodeControl(record: ControlRecord): Buffer {
  return Buffer.from(JSON.stringify(record));
}

/**
 * Reads the body of a control record. Only the members of its kind are read, each checked.
 *
 * @returns undefined for a kind that this release does not know, which is skipped
 * @throws SealpipeError `ERR_SEALPIPE_FORMAT`
 */
export function decodeControl(body: Uint8Array): ControlRecord | undefined {
  const members = membersOf(body);
  const kind = members['kind'];
  if (typeof kind !== 'string') throw wrong('kind');
  if (kind === 'predecessor') {
    return {
      kind,
      index: whole(members, 'index'),
      offset: whole(members, 'offset'),
      whole: boolean(members, 'whole'),
      acknowledged: placeIn(members, 'acknowledged'),
      loss: boolean(members, 'loss'),
    };
  }
  if (kind === 'drop') {
    const [first, last] = [whole(members, 'first'), whole(members, 'last')];
    if (first > last) throw wrong('last');
    return { kind, lines: whole(members, 'lines'), bytes: whole(members, 'bytes'), first, last };
  }
  if (kind === 'heartbeat') return { kind, records: whole(members, 'records') };
  return undefined;
}

type Members = Readonly<Record<string, unknown>>;

function membersOf(body: Uint8Array): Members {
  if (!isUtf8(body)) throw illegal('a control record is not UTF-8');
  let value: unknown;
  try {
    value = JSON.parse(asBuffer(body).toString('utf8'));
  } catch {
    throw illegal('a control record is not JSON');
  }
  if (!isMap(value)) throw illegal('a control record is no JSON object');
  return value;
}

function placeIn(members: Members, name: string): SegmentPlace | null {
  const value = own(members, name);
  if (value === null) return null;
  if (!isMap(value)) throw wrong(name);
  return { index: whole(value, 'index'), offset: whole(value, 'offset'), records: whole(value, 'records') };
}

function whole(members: Members, name: string): number {
  const value = own(members, name);
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_NUMBER) {
    return value as number;
  }
  throw wrong(name);
}

function boolean(members: Members, name: string): boolean {
  const value = own(members, name);
  if (typeof value === 'boolean') return value;
  throw wrong(name);
}

function own(members: Members, name: string): unknown {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}

function isMap(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(name: string): Error {
  return illegal(`\`${name}\` of a control record`);
}
