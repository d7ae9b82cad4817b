// @ts-check

import { once } from 'node:events';
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { createEncryptStream } from 'sealpipe';
import { MIB } from '../sizes.mjs';

/**
 * A sparse sealed file with only what a read needs: the preamble, three frames and the last one. The rest is a hole.
 *
 * @param {string} path
 * @param {number} size of the plaintext, which is zeros
 * @param {number} middle the first of the frames
 * @param {import('sealpipe').KeyProvider} keys
 * @returns {Promise<number>} bytes of a sealed frame
 */
export async function sparseSealedFile(path, size, middle, keys) {
  const stream = createEncryptStream({ keys });
  const file = openSync(path, 'w', 0o600);
  try {
    const [{ preambleSize, frameSize }] = await once(stream, 'header');
    const unit = frameSize + 16;
    const kept = [
      [0, preambleSize],
      [preambleSize + middle * unit, preambleSize + (middle + 3) * unit],
      [preambleSize + Math.floor(size / frameSize) * unit, Number.POSITIVE_INFINITY],
    ];
    let at = 0;
    stream.on('data', (/** @type {Buffer} */ piece) => {
      for (const [start = 0, end = 0] of kept) {
        const [from, to] = [Math.max(at, start), Math.min(at + piece.length, end)];
        if (from < to) writeSync(file, piece, from - at, to - from, from);
      }
      at += piece.length;
    });
    const zeros = Buffer.alloc(MIB);
    for (let left = size; left > 0; left -= MIB) {
      if (!stream.write(zeros.subarray(0, Math.min(left, MIB)))) await once(stream, 'drain');
    }
    stream.end();
    await once(stream, 'end');
    ftruncateSync(file, at);
    return unit;
  } finally {
    closeSync(file);
  }
}
