import { isSealpipeError, SealpipeError } from '../../../errors.js';
import { isError } from '../../../realms.js';

const WORDS = 'Parts of the upload may be left, which cost money: `sealpipe uploads --abort` removes them';

/** The warning for a whole object while parts of an earlier upload are left. */
export const EARLIER_PARTS_LEFT =
  'Parts of an earlier upload to the same place may be left, which cost money: sealpipe uploads --abort removes them';

/**
 * The error of an upload whose parts may be left. An error of this library or an abort gets a hint about them. An
 * error from elsewhere stays unchanged: the reason of the failure matters more than the failed cleanup.
 */
export function withPartsLeft(error: unknown): unknown {
  if (isSealpipeError(error)) {
    const { code, message, cause, retryable, atEnd } = error;
    return new SealpipeError(code, message, { hint: joined(error.hint), cause, retryable, atEnd });
  }
  if (isError(error) && error.name === 'AbortError') {
    const { name, message, cause } = error;
    return Object.assign(new Error(message, { cause }), { name, code: 'ABORT_ERR', hint: WORDS });
  }
  return error;
}

function joined(hint: string | undefined): string {
  if (hint === undefined) return WORDS;
  return hint.includes(WORDS) ? hint : `${hint.replace(/\.$/, '')}. ${WORDS}`;
}
