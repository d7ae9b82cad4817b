import { readU32, writeU32 } from '../../bytes.js';
import type { Coding } from './coding.js';
import { CODINGS } from './coding.js';
import { readU64, writeU64 } from './numbers.js';
import { illegal, tooNew } from './unit-faults.js';
import { HEAD_SIZE, MAX_PLAIN } from './unit-limits.js';

/*
 * LOGS 3:   0 type   1 flags | coding   2 lines u32   6 first ms u64   14 last ms u64   22 plain u32   26 body
 */

/** The kinds of units. */
export type UnitType = 'lines' | 'control' | 'index';

const TYPES: readonly UnitType[] = ['lines', 'control', 'index'];

/** The last line of this unit continues in the next unit of lines. */
const CONTINUES = 0x80;
/** The first line of this unit began in an earlier one. */
const CONTINUED = 0x40;
/** A table of lengths comes before the text. */
const LENGTHS = 0x20;
const RESERVED = 0x10;
const CODING_BITS = 0x0f;

/** How to read the text of a unit. */
export interface LineFlags {
  readonly continues: boolean;
  readonly continued: boolean;
  readonly lengths: boolean;
}

/** No flag, like in units of other types. */
export const NO_FLAGS: LineFlags = { continues: false, continued: false, lengths: false };

/** The first 26 bytes of a unit. */
export interface UnitHead extends LineFlags {
  readonly type: UnitType;
  readonly coding: Coding;
  /** Lines that end in this unit. */
  readonly lines: number;
  /** Arrival of the first and of the last item of the unit, in milliseconds since 1970. */
  readonly first: number;
  readonly last: number;
  /** Bytes of the decompressed body. */
  readonly plain: number;
}

/** Writes the head of a unit with legal fields to the beginning of `bytes`. */
export function writeUnitHead(bytes: Uint8Array, head: UnitHead): void {
  bytes[0] = TYPES.indexOf(head.type);
  bytes[1] =
    CODINGS.indexOf(head.coding) |
    (head.continues ? CONTINUES : 0) |
    (head.continued ? CONTINUED : 0) |
    (head.lengths ? LENGTHS : 0);
  writeU32(bytes, 2, head.lines);
  writeU64(bytes, 6, head.first);
  writeU64(bytes, 14, head.last);
  writeU32(bytes, 22, head.plain);
}

/**
 * Reads the head of a unit and checks its fields in the order of their bytes.
 *
 * @throws SealpipeError `ERR_SEALPIPE_FORMAT` or `_UNSUPPORTED`
 */
export function readUnitHead(bytes: Uint8Array): UnitHead {
  if (bytes.length < HEAD_SIZE) throw illegal('a frame too short for a unit');
  const type = TYPES[bytes[0]!];
  if (type === undefined) throw tooNew(`units of type ${bytes[0]}`);
  const how = bytes[1]!;
  const coding = CODINGS[how & CODING_BITS];
  if (coding === undefined) throw tooNew(`the coding ${how & CODING_BITS}`);
  if ((how & RESERVED) !== 0) throw tooNew('a flag');
  const flags = {
    continues: (how & CONTINUES) !== 0,
    continued: (how & CONTINUED) !== 0,
    lengths: (how & LENGTHS) !== 0,
  };
  const lines = readU32(bytes, 2);
  if (type !== 'lines' && (how > CODING_BITS || lines > 0)) throw illegal('a unit of another type has lines');
  if (type === 'lines' && lines === 0 && !flags.continues) throw illegal('a unit of lines has none');
  const first = readU64(bytes, 6);
  const last = readU64(bytes, 14);
  if (first === undefined || last === undefined || first > last) throw illegal('the times of a unit');
  if (type === 'control' && first !== last) throw illegal('a control record has two times');
  const plain = readU32(bytes, 22);
  if (plain === 0 || plain > MAX_PLAIN) throw illegal('the length of a body');
  if (lines > plain) throw illegal('a unit has more lines than bytes');
  return { type, coding, ...flags, lines, first, last, plain };
}
