import { abortError, onAbort, throwIfAborted } from '../abort.js';

/** Limits how many operations run at once. The others wait in order. */
export class Turns {
  readonly #waiting = new Set<() => void>();
  #free: number;

  constructor(most: number) {
    this.#free = most;
  }

  /**
   * Runs the work when its turn comes. The turn ends when the work has settled, even if the caller no longer waits.
   *
   * @throws (rejects) the reason of `signal` if it is aborted first; the error of the work
   */
  async take<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    throwIfAborted(signal);
    if (this.#free > 0) this.#free -= 1;
    else await this.#turn(signal);
    try {
      // The signal may have been aborted just after the turn was passed on.
      throwIfAborted(signal);
      return await work();
    } finally {
      this.#passOn();
    }
  }

  /** Passes a turn to the operation that has waited longest, so that no later one can take it. */
  #passOn(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#free += 1;
    else next();
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        this.#waiting.delete(begin);
        ended();
        resolve();
      };
      this.#waiting.add(begin);
      const ended = onAbort(signal, () => {
        this.#waiting.delete(begin);
        reject(signal.reason ?? abortError(signal));
      });
    });
  }
}
