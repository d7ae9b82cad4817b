import { ownMemory } from '../../bytes.js';
import type { ReadMemory } from '../../sources/file-source.js';

/**
 * Two blocks of memory for the sealed bytes of a range's runs: while one run is opened, the next is read into the
 * other. Allocating memory for each run would cost more than opening it.
 */
export class RunMemory {
  readonly #blocks: Buffer[] = [];
  #turn = 0;

  /** Memory for the next run: that of the run before the last one. */
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
