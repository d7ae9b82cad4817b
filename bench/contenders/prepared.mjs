// @ts-check
import { MIB } from '../sizes.mjs';
import { randomMemory } from '../streams/input.mjs';
import { Collector } from '../streams/sinks.mjs';

/** @typedef {'encrypt' | 'decrypt'} Direction */

/**
 * A contender with whole streams of one size ready to be run, one after another.
 *
 * @typedef {object} Prepared
 * @property {(options?: { paced: boolean }) => Promise<unknown>} run seals or opens one whole stream into a null sink
 * @property {number} size bytes of plaintext in a stream
 * @property {number} memory bytes that its source holds
 */

/** Larger than the caches, so that the bench measures the speed of memory. */
const SOURCE_MEMORY = 64 * MIB;

/** The plaintext: encrypting streams read it, decrypting ones read its sealed form. */
export function plaintextMemory() {
  return randomMemory(SOURCE_MEMORY);
}

/**
 * @param {import('./contender.mjs').Contender} contender
 * @param {{ direction: Direction, chunkSize: number, memory: Uint8Array<ArrayBuffer> }} options
 * @returns {(size: number) => Promise<Prepared>} makes streams of a size in bytes
 */
export function preparing(contender, { direction, chunkSize, memory }) {
  if (direction === 'encrypt') {
    return async (size) => ({
      size,
      memory: memory.length,
      run: (options) => contender.seal({ memory, size, chunkSize, ...options }),
    });
  }
  return async (size) => {
    // Even with frames of 4 KiB, no contender adds anywhere near an eighth.
    const collector = new Collector(size + size / 8 + 65_536);
    const { open } = await contender.seal({ memory, size, chunkSize: 65_536 }, collector.take);
    const sealed = collector.bytes;
    return {
      size,
      memory: memory.length + sealed.length,
      run: (options) => open({ memory: sealed, size: sealed.length, chunkSize, ...options }),
    };
  };
}
