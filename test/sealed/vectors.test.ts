import { describe, expect, it } from 'vitest';
import { openSealed } from '../../src/sealed/reading/open-sealed.js';
import { recover } from '../../src/sealed/recovery/recover.js';
import type { SealedOptions } from '../../src/sealed/sealed-options.js';
import { verify } from '../../src/sealed/verification/verify.js';
import type { StreamFault } from '../../src/stream-fault.js';
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

/** What a report says, as a reader would. */
const reported = (fault: StreamFault | null) => [fault?.code ?? 'success', fault?.cutShort ?? false];

const wanted = ({ expect: code, atEnd }: Vector) => [code, atEnd || code === 'ERR_SEALPIPE_TRUNCATED'];

describe('every vector', () => {
  it('has the code of a decrypt stream from verify, at the same place', async () => {
    for (const vector of vectors) {
      const isRefused = ['ERR_SEALPIPE_CONTEXT', 'ERR_SEALPIPE_KEY_MISMATCH'].includes(vector.expect);
      const answer = await verify(vector.stream, { ...options(vector), digest: 'sha256' }).catch(described);
      if ('code' in answer) {
        expect([vector.name, answer.code, isRefused]).toEqual([vector.name, vector.expect, true]);
        continue;
      }
      expect([vector.name, ...reported(answer.fault)]).toEqual([vector.name, ...wanted(vector)]);
      expect([vector.name, answer.plaintextBytes]).toEqual([vector.name, vector.releasedBytes]);
      const digest = vector.expect === 'success' ? vector.releasedSha256 : null;
      expect([vector.name, answer.digest]).toEqual([vector.name, digest]);
    }
  });

  it('has the code of a decrypt stream from recover, and what a decrypt stream releases comes first', async () => {
    for (const vector of vectors) {
      try {
        await using recovery = await recover(vector.stream, options(vector));
        const { bytes, error } = await outcome(recovery.createReadStream());
        if (error !== undefined) throw error;
        const { complete, fault, plaintextBytes } = await recovery.report;
        expect([vector.name, ...reported(fault)]).toEqual([vector.name, ...wanted(vector)]);
        expect([vector.name, sha256Hex(bytes.subarray(0, vector.releasedBytes))]).toEqual([
          vector.name,
          vector.releasedSha256,
        ]);
        expect(plaintextBytes).toBe(bytes.length);
        if (fault === null) expect([vector.name, complete]).toEqual([vector.name, true]);
      } catch (error) {
        if (error instanceof Error && error.name === 'AssertionError') throw error;
        expect([vector.name, vector.releasedBytes, described(error).code]).toEqual([
          vector.name,
          0,
          vector.expect,
        ]);
      }
    }
  });
});
