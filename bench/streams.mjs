// @ts-check
import { Readable, Writable } from 'node:stream';

/**
 * A source that gives the same memory again and again.
 *
 * @param {Uint8Array} memory
 * @param {number} chunkSize bytes of each chunk
 * @param {number} size bytes in all
 */
export function memorySource(memory, chunkSize, size) {
  let left = size;
  let offset = 0;
  return new Readable({
    highWaterMark: chunkSize,
    read() {
      if (left === 0) {
        this.push(null);
        return;
      }
      const length = Math.min(chunkSize, left, memory.length - offset);
      this.push(memory.subarray(offset, offset + length));
      left -= length;
      offset = (offset + length) % memory.length;
    },
  });
}

/** A sink that is done with everything at once. */
export function nullSink() {
  return new Writable({ highWaterMark: 65_536, write: (_chunk, _encoding, done) => done() });
}
