import { onAbort } from '../abort.js';
import { abortError } from '../errors.js';

/**
 * Waits for `work`, but not beyond the abort of `signal`.
 *
 * @param discard is given an answer that comes after that
 * @throws (rejects) what `work` rejects with; an AbortError
 */
export function unlessAborted<T>(
  work: Promise<T>,
  signal: AbortSignal,
  discard?: (late: T) => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const settled = onAbort(signal, () => reject(abortError(signal)));
    work
      .then(
        (answer) => {
          settled();
          if (signal.aborted) discard?.(answer);
          else resolve(answer);
        },
        (error) => {
          settled();
          reject(error);
        },
      )
      .catch(reject);
  });
}
