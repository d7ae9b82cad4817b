// @ts-check
import { randomFillSync } from 'node:crypto';
import { Readable } from 'node:stream';

/**
 * The input of a stream: memory that is read over and over, without a copy.
 *
 * @typedef {object} Input
 * @property {Uint8Array<ArrayBuffer>} memory
 * @property {number} size bytes in all
 * @property {number} chunkSize bytes of each chunk
 * @property {boolean} [paced] one chunk in a turn of the event loop, as a socket gives them
 */

/** Of the raw cipher, and of the streams on both sides of the measured one. */
export const HIGH_WATER_MARK = 65_536;

/** @param {number} size bytes; more than the caches hold, to measure the speed of memory */
export function randomMemory(size) {
  return randomFillSync(Buffer.allocUnsafeSlow(size));
}

/**
 * The chunks of an input, one at each call; null at its end.
 *
 * @param {Input} input
 * @returns {() => Uint8Array<ArrayBuffer> | null}
 */
function chunksOf({ memory, size, chunkSize }) {
  let left = size;
  let offset = 0;
  return () => {
    if (left === 0) return null;
    const length = Math.min(chunkSize, left, memory.length - offset);
    const chunk = memory.subarray(offset, offset + length);
    left -= length;
    offset = (offset + length) % memory.length;
    return chunk;
  };
}

/** @param {Input} input */
export function nodeSource(input) {
  const next = chunksOf(input);
  return new Readable({
    highWaterMark: Math.max(input.chunkSize, HIGH_WATER_MARK),
    read: input.paced
      ? function () {
          setImmediate(() => this.push(next()));
        }
      : function () {
          this.push(next());
        },
  });
}

/**
 * @param {Input} input
 * @returns {ReadableStream<Uint8Array<ArrayBuffer>>}
 */
export function webSource(input) {
  const next = chunksOf(input);
  return new ReadableStream({
    async pull(controller) {
      if (input.paced) await new Promise((resolve) => setImmediate(resolve));
      const chunk = next();
      if (chunk === null) controller.close();
      else controller.enqueue(chunk);
    },
  });
}

/**
 * All of an input at once: a view if the memory holds all of it.
 *
 * @param {Input} input
 */
export function wholeInput({ memory, size }) {
  if (size <= memory.length) return memory.subarray(0, size);
  const whole = Buffer.allocUnsafeSlow(size);
  for (let at = 0; at < size; at += memory.length) whole.set(memory.subarray(0, size - at), at);
  return whole;
}
