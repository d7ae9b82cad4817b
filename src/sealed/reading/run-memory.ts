import { ownMemory } from '../../bytes.js';
import type { ReadMemory } from '../../sources/file-source.js';

/**
 * Memory that the runs of a range take turns in, for their sealed bytes: while one run is opened, the next is read. Fresh
 * memory for each would cost more than opening it.
 */
export class RunMemory {
  readonly #blocks: Buffer[] = [];
  #turn = 0;

  /** For the next run: its memory is that of the run before the last one. */
  next(): ReadMemory {
    const turn = this.#turn;
    this.#turn = 1 - turn;
    return (length) => {
      const block = this.#blocks[turn];
      if (block !== undefined && block.length >= length) return block.subarray(0, length);
      const longer = ownMemory(length);
      this.#blocks[turn] = longer;
      return longer;
    };
  }
}
