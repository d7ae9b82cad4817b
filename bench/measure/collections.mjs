// @ts-check
import { PerformanceObserver } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';

/** Adds up how long the garbage collector held the program up. */
export class Collections {
  #milliseconds = 0;
  #observer = new PerformanceObserver((list) => this.#add(list.getEntries()));

  constructor() {
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  /** @returns {Promise<number>} milliseconds since the beginning or since the last call */
  async take() {
    // Node hands an entry over in a later turn of the event loop.
    await setImmediate();
    await setImmediate();
    this.#add(this.#observer.takeRecords());
    const milliseconds = this.#milliseconds;
    this.#milliseconds = 0;
    return milliseconds;
  }

  /** @param {readonly { duration: number }[]} entries */
  #add(entries) {
    for (const { duration } of entries) this.#milliseconds += duration;
  }
}
