import { isMisuse, isSealpipeError } from '../../errors.js';
import { isSystemError } from '../../system-error.js';
import { shownError } from '../../text/foreign-error.js';

/**
 * Prepares an error for another thread. Only its class, message, stack and cause arrive there, so code and hint go into
 * the message. It holds nothing that cannot be copied or must stay secret.
 */
export function threadError(error: unknown): Error & { readonly code?: unknown } {
  if (isSealpipeError(error)) return worded(new Error(), error.message, error.code, error.hint);
  if (isMisuse(error)) {
    const empty = error.name === 'RangeError' ? new RangeError() : new TypeError();
    return worded(empty, error.message, error.code);
  }
  // The message already begins with the code.
  if (isSystemError(error)) return Object.assign(new Error(error.message), { code: error.code });
  return shownError(error);
}

function worded<E extends Error>(
  empty: E,
  message: string,
  code: string,
  hint?: string,
): E & { code: string } {
  const text = hint === undefined ? message : `${message}. ${hint}`;
  const error = Object.assign(empty, { message: `${text} (${code})`, code });
  Error.captureStackTrace(error, worded);
  return error;
}
