// @ts-check
import { Writable } from 'node:stream';
import { HIGH_WATER_MARK } from './input.mjs';

/** @typedef {(chunk: Uint8Array) => void} Take what is done with a chunk that came out */

/**
 * A sink that completes every write at once.
 *
 * @param {Take} [take] without it, chunks are dropped
 */
export function nodeSink(take) {
  return new Writable({
    highWaterMark: HIGH_WATER_MARK,
    write(chunk, _encoding, done) {
      take?.(chunk);
      done();
    },
  });
}

/** @param {Take} [take] */
export function webSink(take) {
  return new WritableStream({ write: (/** @type {Uint8Array} */ chunk) => take?.(chunk) });
}

/** Collects the output in one buffer, so that it keeps no chunk alive. */
export class Collector {
  #memory;
  #length = 0;

  /** @param {number} capacity bytes; pages that are not written cost nothing */
  constructor(capacity) {
    this.#memory = Buffer.allocUnsafeSlow(capacity);
  }

  /** @type {Take} */
  take = (chunk) => {
    if (this.#length + chunk.length > this.#memory.length)
      throw new RangeError('more came out than expected');
    this.#memory.set(chunk, this.#length);
    this.#length += chunk.length;
  };

  get bytes() {
    return this.#memory.subarray(0, this.#length);
  }
}
