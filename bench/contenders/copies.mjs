// @ts-check
import { PassThrough, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { HIGH_WATER_MARK, nodeSource } from '../streams/input.mjs';
import { nodeSink } from '../streams/sinks.mjs';

const MARKS = { readableHighWaterMark: HIGH_WATER_MARK, writableHighWaterMark: HIGH_WATER_MARK };

/** A stream that copies every chunk into new memory, as every cipher must. */
export function memcpy() {
  return unsealed(
    () =>
      new Transform({
        ...MARKS,
        transform(chunk, _encoding, done) {
          const copy = Buffer.allocUnsafeSlow(chunk.length);
          copy.set(chunk);
          done(null, copy);
        },
      }),
  );
}

/** A stream that does nothing: it shows what the source, the sink and the streams themselves cost. */
export function passThrough() {
  return unsealed(() => new PassThrough(MARKS));
}

/**
 * @param {() => Transform} create
 * @returns {import('./contender.mjs').Contender}
 */
function unsealed(create) {
  /** @type {import('./contender.mjs').Sealed['open']} */
  const open = (input, take) => pipeline(nodeSource(input), create(), nodeSink(take));
  const sealed = { open, openElsewhere: async (/** @type {Uint8Array} */ bytes) => bytes };
  return {
    async seal(input, take) {
      await open(input, take);
      return sealed;
    },
  };
}
