import type { LineBatch } from './line-batch.js';
import type { LogPosition } from './log-position.js';

/** Counts dropped lines until the archive records them. */
export class DropCount {
  #lines = 0;
  #bytes = 0;
  #first = 0;
  #last = 0;
  /** Since the writer was opened. */
  total = 0;

  /** Whether some are not recorded yet. */
  get isOpen(): boolean {
    return this.#lines > 0;
  }

  /** Counts a dropped line. @param time in milliseconds since 1970 */
  add(size: number, time: number): void {
    if (this.#lines === 0) this.#first = this.#last = time;
    this.#last = Math.max(this.#last, time);
    this.#lines += 1;
    this.#bytes += size;
    this.total += 1;
  }

  /**
   * The record of dropped lines that are not recorded yet. @param end the position in the log at which they are missing
   */
  take(end: LogPosition): LineBatch {
    const [lines, bytes, first, last] = [this.#lines, this.#bytes, this.#first, this.#last];
    this.#lines = 0;
    this.#bytes = 0;
    return { record: { kind: 'drop', lines, bytes, first, last }, time: last, end };
  }
}
