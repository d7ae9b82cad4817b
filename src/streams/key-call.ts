import { abortError, isSealpipeError, SealpipeError } from '../errors.js';
import type { KeyMessage } from './diagnostics.js';
import { traceKeyCall } from './diagnostics.js';

/**
 * Calls a key provider, traces the call, and stops waiting when `signal` is aborted, whether the provider listens to
 * it or not.
 *
 * @param discard wipes an answer that comes after that
 * @throws the provider's SealpipeError; anything else that it throws is the cause of an
 * `ERR_SEALPIPE_KEY_UNAVAILABLE`; an AbortError
 */
export function keyCall<T>(
  message: KeyMessage,
  signal: AbortSignal,
  call: () => Promise<T>,
  discard?: (late: T) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(abortError(signal));
    const giveUp = () => reject(abortError(signal));
    signal.addEventListener('abort', giveUp, { once: true });
    const isLate = () => {
      signal.removeEventListener('abort', giveUp);
      return signal.aborted;
    };
    traceKeyCall(message, call).then(
      (answer) => {
        if (isLate()) discard?.(answer);
        else resolve(answer);
      },
      (error) => {
        if (!isLate()) reject(explained(error));
      },
    );
  });
}

function explained(error: unknown): unknown {
  const code: unknown = (error as { code?: unknown } | null)?.code;
  if (isSealpipeError(error) || (typeof code === 'string' && code.startsWith('ERR_SEALPIPE_'))) return error;
  return new SealpipeError('ERR_SEALPIPE_KEY_UNAVAILABLE', 'The key provider failed: see `cause`', {
    cause: error,
  });
}
