import type { Coding, Compression } from './coding.js';
import { compressBody, decompressBody } from './coding.js';
import type { ControlRecord } from './control-record.js';
import { decodeControl, encodeControl } from './control-record.js';
import type { LineText } from './line-text.js';
import { readLineText, tableOf } from './line-text.js';
import type { TimeIndex } from './time-index.js';
import { decodeTimeIndex, encodeTimeIndex, rangeOf } from './time-index.js';
import { illegal } from './unit-faults.js';
import type { UnitType } from './unit-head.js';
import { NO_FLAGS, readUnitHead, writeUnitHead } from './unit-head.js';
import { HEAD_SIZE } from './unit-limits.js';

/** Times of a unit, in milliseconds since 1970. */
export interface UnitTimes {
  /** Arrival of its first item. */
  readonly first: number;
  /** Arrival of its last item. */
  readonly last: number;
}

/** A unit of lines. */
export interface LinesUnit extends UnitTimes, LineText {
  readonly type: 'lines';
}

/** A unit with a record of the writer about itself; without record if its kind is unknown. */
export interface ControlUnit extends UnitTimes {
  readonly type: 'control';
  readonly record: ControlRecord | undefined;
}

/** The unit before the last frame. */
export interface IndexUnit extends UnitTimes, TimeIndex {
  readonly type: 'index';
}

/** The plaintext of one frame of a log segment (LOGS 3). */
export type Unit = LinesUnit | ControlUnit | IndexUnit;

/** The lines of a unit. */
export interface GatheredLines extends UnitTimes {
  /** The lines, each followed by a newline, except one that continues in the next unit. */
  readonly text: Uint8Array;
  /** Lines that end here. */
  readonly lines: number;
  /** Whether the last line continues in the next unit. */
  readonly continues?: boolean;
  /** Whether the first line began in an earlier unit. */
  readonly continued?: boolean;
  /** Whether the 26 bytes before `text` in its memory are free, so that the unit can be built around stored text. */
  readonly hasHeadRoom?: boolean;
  /** The length of each line or piece; required if one of them contains a newline. */
  readonly lengths?: readonly number[] | undefined;
}

/** Encodes lines. Without compression the unit has 26 bytes more than the text, and 4 for each of the lengths. */
export function encodeLines(gathered: GatheredLines, compression?: Compression): Buffer {
  const { text, lines, first, last, continues = false, continued = false, lengths } = gathered;
  const flags = { continues, continued, lengths: lengths !== undefined };
  const hasHeadRoom = gathered.hasHeadRoom === true && lengths === undefined;
  const plain = lengths === undefined ? text : Buffer.concat([tableOf(lengths), text]);
  return encoded('lines', { first, last }, plain, compression, { lines, flags, hasHeadRoom });
}

/** Encodes a record of the writer. */
export function encodeControlUnit(record: ControlRecord, time: number, compression?: Compression): Buffer {
  return encoded('control', { first: time, last: time }, encodeControl(record), compression);
}

/** Encodes the index of a segment, which has at least one entry and at most as many as a unit holds. */
export function encodeIndexUnit(index: TimeIndex, compression?: Compression): Buffer {
  return encoded('index', rangeOf(index.entries), encodeTimeIndex(index), compression);
}

function encoded(
  type: UnitType,
  { first, last }: UnitTimes,
  plain: Uint8Array,
  compression: Compression | undefined,
  { lines, flags, hasHeadRoom } = { lines: 0, flags: NO_FLAGS, hasHeadRoom: false },
): Buffer {
  const { coding, body } = compressBody(plain, compression);
  const unit = hasHeadRoom && coding === 'stored' ? withHead(body) : behindHead(body);
  writeUnitHead(unit, { type, coding, ...flags, lines, first, last, plain: plain.length });
  return unit;
}

/** The memory of a body and of the free bytes before it. */
function withHead(body: Uint8Array): Buffer {
  return Buffer.from(body.buffer, body.byteOffset - HEAD_SIZE, HEAD_SIZE + body.length);
}

/** A copy of a body, with free bytes before it. */
function behindHead(body: Uint8Array): Buffer {
  const unit = Buffer.allocUnsafeSlow(HEAD_SIZE + body.length);
  unit.set(body, HEAD_SIZE);
  return unit;
}

/**
 * Decodes the plaintext of one frame. If the body is stored, the unit is a view of it.
 *
 * @param announced the coding in the segment's preamble: all others except `stored` are refused
 * @throws SealpipeError `ERR_SEALPIPE_FORMAT`, or `_UNSUPPORTED` for a unit that a later version or another Node may
 * read
 */
export function decodeUnit(bytes: Uint8Array, announced: Coding): Unit {
  const head = readUnitHead(bytes);
  const { type, coding, first, last } = head;
  if (coding !== 'stored' && coding !== announced)
    throw illegal('a unit has a coding that its segment does not name');
  const plain = decompressBody(coding, bytes.subarray(HEAD_SIZE), head.plain);
  if (type === 'lines') return { type, first, last, ...readLineText(plain, head) };
  if (type === 'control') return { type, first, last, record: decodeControl(plain) };
  const index = decodeTimeIndex(plain);
  const range = rangeOf(index.entries);
  if (range.first !== first || range.last !== last) throw illegal('the times of a time index');
  return { type, first, last, ...index };
}
