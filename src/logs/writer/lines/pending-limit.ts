import { SealpipeError } from '../../../errors.js';
import { MAX_LINE } from '../../units/unit-limits.js';

/** Bytes of lines that are not written yet, at most. */
export const MOST_PENDING = 16_777_216;
/** A stream holds its source back from here on, and goes on from there on. */
export const HIGH_WATER = 4_194_304;
export const LOW_WATER = 1_048_576;

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

/** The error for a line that no archive holds. */
export function tooLong(): SealpipeError {
  return new SealpipeError(
    'ERR_SEALPIPE_LIMIT',
    `A log line has at most ${MAX_LINE} bytes: the line was not taken`,
  );
}
