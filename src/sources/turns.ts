import { onAbort, throwIfAborted } from '../abort.js';

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
    while (this.#free === 0 && !signal.aborted) await this.#oneLess(signal);
    // The turn may have been passed to this operation just before the abort.
    if (signal.aborted && this.#free > 0) this.#wakeOne();
    throwIfAborted(signal);
    this.#free -= 1;
    try {
      return await work();
    } finally {
      this.#free += 1;
      this.#wakeOne();
    }
  }

  #wakeOne(): void {
    const [next] = this.#waiting;
    if (next === undefined) return;
    this.#waiting.delete(next);
    next();
  }

  async #oneLess(signal: AbortSignal): Promise<void> {
    let ended = (): void => undefined;
    await new Promise<void>((resolve) => {
      this.#waiting.add(resolve);
      ended = onAbort(signal, () => {
        this.#waiting.delete(resolve);
        resolve();
      });
    });
    ended();
  }
}
