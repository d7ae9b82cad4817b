import { storageError } from './storage/storage.js';

/** Counts the work that is under way, so that keys are wiped only when nothing uses them. */
export class InFlight {
  readonly #pending = new Set<Promise<unknown>>();
  #closed = false;

  /** Runs `work`; once it is closed, rejects without running it. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) throw storageError('The embedded KMS is closed');
    const running = work();
    this.#pending.add(running);
    try {
      return await running;
    } finally {
      this.#pending.delete(running);
    }
  }

  /** Lets nothing more in, and resolves when all that is under way has settled. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#pending);
  }
}
