import { SealpipeError } from '../../errors.js';

/** The error for segments that do not form an archive: a gap, a fork, a mismatch. */
export function notOneArchive(what: string, hint?: string): SealpipeError {
  return new SealpipeError('ERR_SEALPIPE_ARCHIVE', `The log archive does not hold together: ${what}`, {
    hint,
  });
}
