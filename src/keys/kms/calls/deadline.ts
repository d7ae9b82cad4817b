import { abortError, onAbort } from '../../../abort.js';
import { SealpipeError } from '../../../errors.js';
import type { KeyAttempts } from '../../provider.js';
import { TIMEOUT_HINT } from '../errors/client-errors.js';

/** How long an operation may take, and the signal that ends it earlier. */
export interface Deadline {
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  /** The operation and the key, for the message of the timeout. */
  readonly what: string;
}

/**
 * The milliseconds for one call: the whole time, or an equal share of the remaining time if a stream may need several
 * calls, so that a region that does not answer leaves time for the next. The last call also gets the time to wait for a
 * new key.
 */
export function timeLimit(timeout: number, waitForNewKey: number, attempts: KeyAttempts | undefined): number {
  if (attempts === undefined) return timeout;
  const spent = performance.now() - attempts.since;
  const share = attempts.left > 1 ? (timeout - spent) / attempts.left : timeout + waitForNewKey - spent;
  return Math.ceil(Math.max(1, Math.min(timeout, share)));
}

/**
 * Runs `work` until it settles, the deadline passes or the signal is aborted, whichever is first; the signal of `work`
 * tells it to give up. A late result is passed to `discard`, and a late failure is dropped.
 *
 * @throws SealpipeError `ERR_SEALPIPE_TIMEOUT`, the error of an abort, or what `work` threw.
 */
export function withDeadline<T>(
  { timeout, signal, what }: Deadline,
  work: (signal: AbortSignal) => Promise<T>,
  discard: (late: T) => void,
): Promise<T> {
  if (signal.aborted) return Promise.reject(abortError(signal));
  return new Promise<T>((resolve, reject) => {
    const cancel = new AbortController();
    let pending = true;
    const settle = (): boolean => {
      if (!pending) return false;
      pending = false;
      clearTimeout(timer);
      stopListening();
      return true;
    };
    const giveUp = (error: Error): void => {
      if (!settle()) return;
      reject(error);
      cancel.abort(error);
    };
    const stopListening = onAbort(signal, () => giveUp(abortError(signal)));
    const timer = setTimeout(() => giveUp(timeoutError(what, timeout)), timeout);
    work(cancel.signal).then(
      (value) => (settle() ? resolve(value) : discard(value)),
      (error: unknown) => settle() && reject(error),
    );
  });
}

function timeoutError(what: string, timeout: number): SealpipeError {
  return new SealpipeError('ERR_SEALPIPE_TIMEOUT', `${what}: no answer from KMS within ${timeout} ms`, {
    hint: TIMEOUT_HINT,
    retryable: true,
  });
}
