import { NOTHING } from '../../bytes.js';
import type { HeldSource } from '../../sources/held-source.js';
import { RUN_SIZE } from '../reading/ranges.js';

/**
 * Contiguous bytes of a source, from a place that only moves forward to as far as was read. No byte is read twice, no
 * matter how often it is looked at.
 */
export class SlidingWindow {
  readonly #source: HeldSource;
  readonly #size: number;
  #memory: Uint8Array = NOTHING;
  /** Where the window begins: in the source, and in the memory. */
  #start: number;
  #head = 0;
  /** Where it ends in the memory. */
  #tail = 0;

  /** @param start where it begins in the source */
  constructor(source: HeldSource, size: number, start: number) {
    this.#source = source;
    this.#size = size;
    this.#start = start;
  }

  /** Forgets what is before this offset, which is at most the end of what was read. */
  startAt(offset: number): void {
    this.#head += offset - this.#start;
    this.#start = offset;
  }

  /**
   * Reads on, at least to this offset or to the end of the source.
   *
   * @throws (rejects) the error of the source; the reason of `stop`
   */
  async readTo(offset: number, stop: AbortSignal): Promise<void> {
    const end = this.#start + this.#tail - this.#head;
    if (Math.min(offset, this.#size) <= end) return;
    const count = Math.min(this.#size, Math.max(offset, end + RUN_SIZE)) - end;
    this.#makeRoom(count);
    const target = this.#memory.subarray(this.#tail, this.#tail + count);
    const bytes = await this.#source.read(end, end + count, stop, () => target);
    if (bytes !== target) target.set(bytes);
    this.#tail += count;
  }

  /** What was read from `start` to `end`. It is valid until the next `readTo`. */
  view(start: number, end: number): Uint8Array {
    const from = this.#head - this.#start;
    return this.#memory.subarray(from + start, Math.min(from + end, this.#tail));
  }

  /** Moves the window to the front of the memory. Memory of twice its length makes that rare. */
  #makeRoom(count: number): void {
    if (this.#tail + count <= this.#memory.length) return;
    const held = this.#memory.subarray(this.#head, this.#tail);
    const needed = held.length + count;
    const hasRoom = held.length * 2 <= this.#memory.length && needed <= this.#memory.length;
    const memory = hasRoom ? this.#memory : Buffer.allocUnsafeSlow(Math.max(needed, held.length * 2 + count));
    memory.set(held);
    this.#memory = memory;
    this.#head = 0;
    this.#tail = held.length;
  }
}
