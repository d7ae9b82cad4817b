import { describe, expect, it } from 'vitest';
import { openSealed } from '../../src/sealed/open-sealed.js';
import type { SealedOptions } from '../../src/sealed/sealed-options.js';
import { outcome } from '../support/outcome.js';
import { keptVectors } from '../vectors/files.js';
import type { Vector } from '../vectors/form.js';
import { sha256Hex } from '../vectors/form.js';
import { readerOptions } from '../vectors/replay.js';

const vectors = keptVectors();

const options = (vector: Vector) => readerOptions(vector) as SealedOptions;

/** What a reader of ranges says of all of the plaintext. */
async function opened(vector: Vector): Promise<{ code: string; atEnd: boolean; released: Buffer }> {
  try {
    await using reader = await openSealed(vector.stream, options(vector));
    const { bytes, error } = await outcome(reader.createReadStream());
    if (error === undefined) return { code: 'success', atEnd: false, released: bytes };
    return { ...described(error), released: bytes };
  } catch (error) {
    return { ...described(error), released: Buffer.alloc(0) };
  }
}

function described(error: unknown): { code: string; atEnd: boolean } {
  const { code = String(error), atEnd = false } = error as { code?: string; atEnd?: boolean };
  return { code, atEnd };
}

describe('every vector', () => {
  it('has the code of a decrypt stream from a reader of ranges, and the same plaintext before it', async () => {
    for (const vector of vectors) {
      const { code, atEnd, released } = await opened(vector);
      expect([vector.name, code]).toEqual([vector.name, vector.expect]);
      // In the fixed layout the last frame is looked at first, so that nothing is released if it fails.
      const isLastAtFault = vector.layout === 'fixed' && (atEnd || code === 'ERR_SEALPIPE_TRUNCATED');
      const digest = isLastAtFault ? sha256Hex(Buffer.alloc(0)) : vector.releasedSha256;
      expect([vector.name, sha256Hex(released)]).toEqual([vector.name, digest]);
      if (!isLastAtFault) expect([vector.name, atEnd]).toEqual([vector.name, vector.atEnd]);
    }
  });
});
