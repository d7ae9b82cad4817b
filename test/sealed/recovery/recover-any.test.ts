import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verify } from '../../../src/sealed/verification/verify.js';
import { decrypt, encrypt } from '../../../src/session/one-shot.js';
import { readHeader } from '../../../src/streams/read-header.js';
import { patterned } from '../../support/pieces.js';
import { recordStream } from '../../support/record-stream.js';
import { runs } from '../../support/sample.js';
import { keys } from '../../support/test-keys.js';
import { saved } from '../support.js';

const F = 4_096;
const plaintext = patterned(9 * F + 123);
const fixed = await encrypt(plaintext, { keys, frameSize: F });
const cuts = [0, 5, 300, 5_000, 5_001, 9_000, 20_000, plaintext.length];
const record = await recordStream(
  cuts.slice(1).map((end, i) => plaintext.subarray(cuts[i]!, end)),
  F,
);

/** What may happen to a file behind its preamble: bytes change, go, or come. */
const damage = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.nat(6_000),
  put: fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.nat(9_000).map((count) => new Uint8Array(count)),
  ),
});

function damaged(
  sealed: Buffer,
  start: number,
  { at, removed, put }: { at: number; removed: number; put: Uint8Array },
) {
  const from = start + Math.floor(at * (sealed.length - start));
  return Buffer.concat([sealed.subarray(0, from), put, sealed.subarray(from + removed)]);
}

/** Whether everything that was saved is there in the plaintext, in its order. */
function isPart(bytes: Buffer, frames: readonly Buffer[]): boolean {
  let at = 0;
  for (const frame of frames) {
    if (bytes.subarray(at, at + frame.length).equals(frame)) at += frame.length;
  }
  return at === bytes.length;
}

const framesOf = (ends: readonly number[]) => {
  const all: Buffer[] = [];
  for (const [i, end] of ends.slice(1).entries()) {
    for (let at = ends[i]!; at < end; at += F) all.push(plaintext.subarray(at, Math.min(end, at + F)));
  }
  return all;
};

describe.each([
  ['fixed', fixed, framesOf([0, plaintext.length])],
  ['record', record, framesOf(cuts)],
])('whatever happens to a stream of the %s layout', (_, sealed, frames) => {
  it('what is saved is part of it, the report adds up, and verify and decrypt agree with it', async () => {
    const { preambleSize } = await readHeader(sealed);
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), async (damages) => {
        const bytes = damages.reduce((all, one) => damaged(all, preambleSize, one), Buffer.from(sealed));
        const { bytes: out, report } = await saved(bytes);
        expect(isPart(out, frames)).toBe(true);
        expect(report.plaintextBytes).toBe(out.length);
        // The end itself may be what is missing: then all of the plaintext is there, and nobody knows.
        if (report.complete) expect(out.equals(plaintext)).toBe(true);
        const checked = await verify(bytes, { keys });
        expect(report.fault).toEqual(checked.fault);
        expect(checked.plaintextBytes).toBeLessThanOrEqual(out.length);
        const opened = await decrypt(bytes, { keys }).catch((error: { code: string }) => error.code);
        expect(typeof opened === 'string' ? opened : undefined).toBe(checked.fault?.code);
      }),
      { numRuns: runs(150) },
    );
  });
});
