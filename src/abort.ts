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

/** The waiting of each signal: one listener serves all, since Node 20 warns of the eleventh on one signal. */
const waits = new WeakMap<AbortSignal, Wait>();

/**
 * Calls `listener` when `signal` is aborted; at once if it already is.
 *
 * @returns ends that; the last one to be ended leaves nothing on the signal
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
    // One that is ended while the others are told is told no more.
    for (const entry of this.#entries) entry.listener();
  };
}
