/** The error of an aborted call: `name: 'AbortError'`, `code: 'ABORT_ERR'`, the signal's reason as cause. */
export function abortError(signal: AbortSignal): Error {
  const error = new Error('The operation was aborted', { cause: signal.reason });
  error.name = 'AbortError';
  return Object.assign(error, { code: 'ABORT_ERR' as const });
}

/** Throws the reason of an aborted signal. A signal of another environment may lack the method of this name. */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw signal.reason ?? abortError(signal);
}

/**
 * Waits for `work`, but not beyond the abort of `signal`.
 *
 * @param discard receives an answer that arrives after that
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

/** The longest delay of a timer in milliseconds: Node turns a longer one into 1. */
export const LONGEST_TIMER: number = 2 ** 31 - 1;

/** Resolves after `duration` milliseconds. @throws (rejects) an AbortError as soon as `signal` is aborted */
export function pause(duration: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.reject(abortError(signal));
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      settled();
      resolve();
    }, duration);
    const settled = onAbort(signal, () => {
      clearTimeout(timer);
      reject(abortError(signal));
    });
  });
}

/** The waiters of each signal. One listener serves them all, because Node 20 warns about the eleventh on one signal. */
const waits = new WeakMap<AbortSignal, Wait>();

/**
 * Calls `listener` when `signal` is aborted; at once if it already is.
 *
 * @returns stops waiting; once the last waiter has stopped, the signal has no listener left
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  if (signal.aborted) {
    listener();
    return () => undefined;
  }
  let wait = waits.get(signal);
  if (wait === undefined) {
    wait = new Wait(signal);
    waits.set(signal, wait);
  }
  return wait.add(listener);
}

class Wait {
  readonly #signal: AbortSignal;
  readonly #entries = new Set<{ readonly listener: () => void }>();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  add(listener: () => void): () => void {
    const entry = { listener };
    this.#entries.add(entry);
    return () => {
      this.#entries.delete(entry);
      if (this.#entries.size > 0 || waits.get(this.#signal) !== this) return;
      waits.delete(this.#signal);
      this.#signal.removeEventListener('abort', this.#onAbort);
    };
  }

  readonly #onAbort = (): void => {
    waits.delete(this.#signal);
    // A waiter that is stopped while the others are called is not called.
    for (const entry of this.#entries) entry.listener();
  };
}
