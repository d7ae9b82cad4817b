import { SealpipeError } from '../../../errors.js';
import { MOST_UTF8 } from '../../units/line-text.js';
import { MAX_LINE } from '../../units/unit-limits.js';

/** The most bytes of lines that are not written yet. */
export const MOST_PENDING = 16_777_216;
/**
 * A stream pauses its source above the first limit, and resumes it below the second. The line that exceeds the limit is
 * still taken.
 */
export const HIGH_WATER = 4_194_304;
export const LOW_WATER = 1_048_576;

/**
 * The size of a line that does not fit beside the given number of bytes; undefined if it fits. A single line always
 * fits.
 *
 * @throws SealpipeError `ERR_SEALPIPE_LIMIT` for a line that is too long for any archive
 */
export function sizeWithoutRoom(line: string | Uint8Array, pending: number): number | undefined {
  const isText = typeof line === 'string';
  const most = isText ? line.length * MOST_UTF8 : line.length;
  if (most + pending <= MOST_PENDING) return undefined;
  const size = lineSize(line);
  return pending > 0 && size + pending > MOST_PENDING ? size : undefined;
}

/** The size of a line. @throws SealpipeError `ERR_SEALPIPE_LIMIT` for a line that is too long for any archive */
export function lineSize(line: string | Uint8Array): number {
  const size = typeof line === 'string' ? Buffer.byteLength(line) : line.length;
  if (size > MAX_LINE) throw tooLong();
  return size;
}

/** The error for a line that does not fit into the spool. @param cause why nothing is stored */
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

/** The error for a line that does not fit. @param cause why lines wait */
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
