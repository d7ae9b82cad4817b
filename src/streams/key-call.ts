import { abortError, isSealpipeError, SealpipeError } from '../errors.js';

/**
 * Calls a key provider, and stops waiting when `signal` is aborted, whether the provider listens to it or not.
 *
 * @param discard wipes an answer that comes after that
 * @throws the provider's SealpipeError; anything else that it throws is the cause of an
 * `ERR_SEALPIPE_KEY_UNAVAILABLE`; an AbortError
 */
export function keyCall<T>(
  call: () => Promise<T>,
  signal: AbortSignal,
  discard: (late: T) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(abortError(signal));
    const giveUp = () => reject(abortError(signal));
    signal.addEventListener('abort', giveUp, { once: true });
    const settled = () => {
      signal.removeEventListener('abort', giveUp);
      return signal.aborted;
    };
    promised(call).then(
      (answer) => {
        if (settled()) discard(answer);
        else resolve(answer);
      },
      (error) => {
        settled();
        reject(explained(error));
      },
    );
  });
}

/** A provider that throws before it returns a promise is treated like one that rejects. */
async function promised<T>(call: () => Promise<T>): Promise<T> {
  return call();
}

function explained(error: unknown): unknown {
  const code: unknown = (error as { code?: unknown } | null)?.code;
  if (isSealpipeError(error) || (typeof code === 'string' && code.startsWith('ERR_SEALPIPE_'))) return error;
  return new SealpipeError('ERR_SEALPIPE_KEY_UNAVAILABLE', 'The key provider failed: see `cause`', {
    cause: error,
  });
}
