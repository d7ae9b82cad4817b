import { abortError, unlessAborted } from '../../abort.js';
import { isMisuse, isSealpipeError, SealpipeError } from '../../errors.js';
import type { KeyMessage } from '../diagnostics.js';
import { traceKeyCall } from '../diagnostics.js';

/**
 * Calls a key provider, traces the call, and stops waiting when `signal` is aborted, even if the provider ignores it.
 *
 * @param discard wipes a result that arrives after that
 * @throws the provider's SealpipeError; anything else that it throws is the cause of an
 * `ERR_SEALPIPE_KEY_UNAVAILABLE`; an AbortError
 */
export function keyCall<T>(
  message: KeyMessage,
  signal: AbortSignal,
  call: () => Promise<T>,
  discard?: (late: T) => void,
): Promise<T> {
  if (signal.aborted) return Promise.reject(abortError(signal));
  const answered = traceKeyCall(message, call).catch((error: unknown) => {
    throw explained(error);
  });
  return unlessAborted(answered, signal, discard);
}

/**
 * The error that a user gets for a failure of a key provider: its SealpipeError, or one with the failure as its cause.
 */
export function explained(error: unknown): Error {
  if (isSealpipeError(error) || isMisuse(error)) return error;
  return new SealpipeError('ERR_SEALPIPE_KEY_UNAVAILABLE', 'The key provider failed', {
    cause: error,
  });
}
