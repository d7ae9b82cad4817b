import { isSealpipeError, SealpipeError } from '../../../errors.js';

/** The same failure, with the segment that it lies in. What is no failure of this library stays as it is. */
export function inSegment(error: unknown, name: string): unknown {
  if (!isSealpipeError(error) || error.code === 'ERR_SEALPIPE_ARCHIVE') return error;
  const { code, message, hint, retryable, atEnd } = error;
  return new SealpipeError(code, `${name}: ${message}`, { hint, retryable, atEnd, cause: error });
}
