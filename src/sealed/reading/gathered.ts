import { constants } from 'node:buffer';
import { ownMemory, wipe } from '../../bytes.js';
import { optionsRangeError } from '../../errors.js';

/**
 * Joins pieces of plaintext in separate memory. No other copy of it remains.
 *
 * @throws (rejects) RangeError `ERR_SEALPIPE_OPTIONS` for more than a Buffer can hold; the error of the pieces
 */
export async function gathered(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const kept: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of pieces) {
      kept.push(piece);
      length += piece.length;
      if (length > constants.MAX_LENGTH) {
        throw optionsRangeError('The range is longer than a Buffer can be: use createReadStream()');
      }
    }
    const [only] = kept;
    if (only !== undefined && kept.length === 1) {
      kept.pop();
      return only;
    }
    const whole = ownMemory(length);
    let at = 0;
    for (const piece of kept) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  } finally {
    wipe(...kept);
  }
}
