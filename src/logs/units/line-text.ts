import { asBuffer, readU32, writeU32 } from '../../bytes.js';
import { illegal } from './unit-faults.js';
import type { LineFlags } from './unit-head.js';

/** Ends a line in the text of a unit. */
export const NEWLINE = 0x0a;
/** Size of a number in the table of lengths. */
export const LENGTH_SIZE = 4;
/** The most bytes of UTF-8 for a UTF-16 unit. */
export const MOST_UTF8 = 3;

/** The body of a unit of lines. */
export interface LineText extends LineFlags {
  /** Lines that end here. */
  readonly lines: number;
  /** The lines, each followed by a newline, except one that continues in the next unit. */
  readonly text: Buffer;
  /** The length of each piece; undefined if no line contains a newline. */
  readonly table: Uint8Array | undefined;
}

/**
 * Parses the body of a unit of lines, and checks that it holds the lines that the head promises.
 *
 * @throws SealpipeError `ERR_SEALPIPE_FORMAT`
 */
export function readLineText(plain: Uint8Array, head: LineFlags & { readonly lines: number }): LineText {
  const { lines, continues, continued, lengths } = head;
  const count = lines + (continues ? 1 : 0);
  const tableSize = lengths ? count * LENGTH_SIZE : 0;
  // A piece is followed by a newline or has at least one byte.
  if (tableSize + count > plain.length) throw illegal('a unit of lines is too short for them');
  const text = asBuffer(plain.subarray(tableSize));
  const table = lengths ? plain.subarray(0, tableSize) : undefined;
  const unit = { lines, continues, continued, lengths, text, table };
  if (continues ? endsLine(unit) : text[text.length - 1] !== NEWLINE) {
    throw illegal('the last line of a unit ends where it should not');
  }
  const isRight = table === undefined ? hasNewlines(text, lines) : fits(text, table, lines, count);
  if (!isRight) throw illegal('a unit does not hold the lines that its head promises');
  return unit;
}

/** Whether the last piece, which continues, is empty: without a table, the text then ends with a newline. */
function endsLine({ text, table }: LineText): boolean {
  if (table === undefined) return text[text.length - 1] === NEWLINE;
  return readU32(table, table.length - LENGTH_SIZE) === 0;
}

function fits(text: Buffer, table: Uint8Array, lines: number, count: number): boolean {
  let end = 0;
  for (let i = 0; i < count; i++) {
    end += readU32(table, i * LENGTH_SIZE);
    if (i < lines && text[end++] !== NEWLINE) return false;
  }
  return end === text.length;
}

function hasNewlines(text: Buffer, wanted: number): boolean {
  let count = 0;
  for (let at = text.indexOf(NEWLINE); at !== -1 && count <= wanted; at = text.indexOf(NEWLINE, at + 1))
    count++;
  return count === wanted;
}

/** The lines of a unit without the newlines that end them, as views: the first and the last may be pieces of a line. */
export function piecesOfText({ lines, continues, text, table }: LineText): Buffer[] {
  const pieces: Buffer[] = [];
  const count = lines + (continues ? 1 : 0);
  for (let i = 0, start = 0; i < count; i++) {
    const end = table === undefined ? endOfLine(text, start) : start + readU32(table, i * LENGTH_SIZE);
    pieces.push(text.subarray(start, end));
    start = end + 1;
  }
  return pieces;
}

function endOfLine(text: Buffer, start: number): number {
  const end = text.indexOf(NEWLINE, start);
  return end === -1 ? text.length : end;
}

/** The table of lengths of these pieces. */
export function tableOf(lengths: readonly number[]): Uint8Array {
  const table = new Uint8Array(lengths.length * LENGTH_SIZE);
  for (const [i, length] of lengths.entries()) writeU32(table, i * LENGTH_SIZE, length);
  return table;
}
