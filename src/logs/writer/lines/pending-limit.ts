import { SealpipeError } from '../../../errors.js';
import { MAX_LINE } from '../../units/unit-limits.js';

/** Bytes of lines that are not written yet, at most. */
export const MOST_PENDING = 16_777_216;
/** A stream holds its source back from here on, and goes on from there on: the line that passes it is always taken. */
export const HIGH_WATER = 4_194_304;
export const LOW_WATER = 1_048_576;
/** Bytes of UTF-8 that a unit of UTF-16 takes at most. */
const MOST_UTF8 = 3;

/**
 * Bytes of a line for which there is no room beside so many; undefined if there is. By itself every line has room.
 *
 * @throws SealpipeError `ERR_SEALPIPE_LIMIT` for a line that no archive holds
 */
export function sizeWithoutRoom(line: string | Uint8Array, pending: number): number | undefined {
  const isText = typeof line === 'string';
  const most = isText ? line.length * MOST_UTF8 : line.length;
  if (most + pending <= MOST_PENDING) return undefined;
  const size = lineSize(line);
  return pending > 0 && size + pending > MOST_PENDING ? size : undefined;
}

/** Bytes of a line. @throws SealpipeError `ERR_SEALPIPE_LIMIT` for a line that no archive holds */
export function lineSize(line: string | Uint8Array): number {
  const size = typeof line === 'string' ? Buffer.byteLength(line) : line.length;
  if (size > MAX_LINE) throw tooLong();
  return size;
}

/** The error for a line that finds no room in the spool. @param cause why nothing is stored */
export function spoolFull(bytes: number, cause: unknown): SealpipeError {
  return new SealpipeError(
    'ERR_SEALPIPE_LIMIT',
    `Segments of ${bytes} bytes wait to be stored, which is all that the folder may hold: the line was not taken`,
    {
      cause,
      retryable: true,
      hint: 'Look at why they are not stored (sealpipe:logs), or allow more: `maxBytes`',
    },
  );
}

/** The error for a line that finds no room. @param cause why lines wait */
export function full(cause: unknown): SealpipeError {
  return new SealpipeError(
    'ERR_SEALPIPE_LIMIT',
    '16 MiB of log lines wait to be written: the line was not taken',
    {
      cause,
      retryable: true,
      hint: 'Await whenWritten() of an earlier line, or write to the stream, which waits',
    },
  );
}

function tooLong(): SealpipeError {
  return new SealpipeError(
    'ERR_SEALPIPE_LIMIT',
    `A log line has at most ${MAX_LINE} bytes: the line was not taken`,
  );
}
