import type { LineBatch } from './line-batch.js';
import type { LogPosition } from './log-position.js';

/** Counts lines that were dropped, until the archive says so. */
export class DropCount {
  #lines = 0;
  #bytes = 0;
  #first = 0;
  #last = 0;
  /** Since the writer was opened. */
  total = 0;

  /** Whether some are not on record. */
  get isOpen(): boolean {
    return this.#lines > 0;
  }

  /** A line was dropped. @param time in milliseconds since 1970 */
  add(size: number, time: number): void {
    if (this.#lines === 0) this.#first = this.#last = time;
    this.#last = Math.max(this.#last, time);
    this.#lines += 1;
    this.#bytes += size;
    this.total += 1;
  }

  /** The record of those that are not on record. @param end the log up to where they are missing */
  take(end: LogPosition): LineBatch {
    const [lines, bytes, first, last] = [this.#lines, this.#bytes, this.#first, this.#last];
    this.#lines = 0;
    this.#bytes = 0;
    return { record: { kind: 'drop', lines, bytes, first, last }, time: last, end };
  }
}
