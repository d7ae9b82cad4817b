import { SealpipeError } from '../errors.js';

/** The error for a value or an encoding outside FORMAT.md. */
export function malformed(what: string): SealpipeError {
  return new SealpipeError('ERR_SEALPIPE_FORMAT', `Not a sealpipe stream, or a damaged one: ${what}`);
}
