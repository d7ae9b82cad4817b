import { shownError } from '../../../text/foreign-error.js';
import { isErrorName } from './error-name.js';
import { KMS_ERRORS } from './error-table.js';
import { wordsFor } from './known-messages.js';

/** By these an error is told from others, so they stay, whatever the context says. */
const KNOWN_NAMES: ReadonlySet<string> = new Set(KMS_ERRORS.map(({ name }) => name));

/**
 * The cause of a failed call as it may be logged: a new error with what `shownError` lets through. KMS, proxies and
 * clients quote what they refuse, in ever new ways, so what they say is not searched for secrets but left out: the
 * message is words of ours for what AWS is known to say, or `[redacted]`.
 *
 * @param contextValues a name that nobody knows is shown only if it has nothing in common with these
 * @param words ours for a message; undefined: `[redacted]`
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
