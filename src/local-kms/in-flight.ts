import { storageError } from './storage/storage.js';

/** Counts the work in progress, so that keys are wiped only when nothing uses them. */
export class InFlight {
  readonly #pending = new Set<Promise<unknown>>();
  #closed = false;

  /** Runs `work`. After `close`, rejects without running it. */
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

  /** Accepts no more work, and resolves when all work in progress has settled. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#pending);
  }
}
