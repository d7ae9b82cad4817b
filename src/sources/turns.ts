import { onAbort, throwIfAborted } from '../abort.js';

/** Lets so many at a time do something. The others wait, in their order. */
export class Turns {
  readonly #waiting = new Set<() => void>();
  #free: number;

  constructor(most: number) {
    this.#free = most;
  }

  /**
   * Does the work when its turn comes, which ends when the work has settled, also if nobody waits for that any more.
   *
   * @throws (rejects) the reason of `signal` if it is aborted before; what the work rejects with
   */
  async take<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    while (this.#free === 0) await this.#oneLess(signal);
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
    throwIfAborted(signal);
  }
}
