import { isSealpipeError, SealpipeError } from '../../../errors.js';

/** Adds the segment to an error of this library. Any other error is unchanged. */
export function inSegment(error: unknown, name: string): unknown {
  if (!isSealpipeError(error) || error.code === 'ERR_SEALPIPE_ARCHIVE') return error;
  const { code, message, hint, retryable, atEnd } = error;
  return new SealpipeError(code, `${name}: ${message}`, { hint, retryable, atEnd, cause: error });
}
