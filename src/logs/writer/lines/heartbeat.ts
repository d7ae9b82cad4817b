import type { LineBatch } from './line-batch.js';
import { clock } from './line-buffer.js';
import type { LogPosition } from './log-position.js';

/** Decides when a writer has been idle for so long that the archive must record that it runs. */
export class Heartbeat {
  readonly #interval: number;
  /** By `performance.now()`. */
  #since = performance.now();

  /** @param interval milliseconds; undefined: never */
  constructor(interval: number | undefined) {
    this.#interval = interval ?? Number.POSITIVE_INFINITY;
  }

  /** By `performance.now()`. */
  get dueAt(): number {
    return this.#since + this.#interval;
  }

  /** Lines arrived. */
  restart(): void {
    this.#since = performance.now();
  }

  /** The record, if it is due. */
  take(end: LogPosition): LineBatch | undefined {
    if (performance.now() < this.dueAt) return undefined;
    this.restart();
    return { record: { kind: 'heartbeat' }, time: clock(), end };
  }
}
