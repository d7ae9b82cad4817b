import { shownError } from '../../../text/foreign-error.js';
import { isErrorName } from './error-name.js';
import { KMS_ERRORS } from './error-table.js';
import { wordsFor } from './known-messages.js';

/** These names identify an error, so they are kept even if the context contains them. */
const KNOWN_NAMES: ReadonlySet<string> = new Set(KMS_ERRORS.map(({ name }) => name));

/**
 * The cause of a failed call as it may be logged: a new error with what `shownError` lets through. KMS, proxies and
 * clients quote what they refuse, in many ways, so their messages are left out instead of searched for secrets: a known
 * message of AWS is replaced by our own wording, any other by `[redacted]`.
 *
 * @param contextValues an unknown name is shown only if it has nothing in common with these
 * @param words our wording for a message; undefined: `[redacted]`
 */
export function cleanCause(
  error: unknown,
  contextValues: readonly string[],
  words: (message: string) => string | undefined = wordsFor,
): Error {
  return shownError(error, {
    name: (name) => KNOWN_NAMES.has(name) || isErrorName(name, contextValues),
    words,
  });
}
