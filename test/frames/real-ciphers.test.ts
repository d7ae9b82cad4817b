import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FrameCipher } from '../../src/crypto/aead.js';
import { sha256 } from '../../src/crypto/key-schedule.js';
import type { FrameLayout } from '../../src/frames/layout.js';
import type { NaiveCipher } from '../reference/naive-frames.js';
import { naiveOpen, naiveSeal } from '../reference/naive-frames.js';
import {
  chunksOf,
  FLUSH,
  patterned,
  runOpener,
  runSealer,
  singles,
  someCuts,
  splits,
} from '../reference/run-frames.js';
import { cipherOf, opened, sealed, servedSuites } from '../reference/served-suites.js';
import { runs, sampled } from '../support/sample.js';

const AAD = sha256(Buffer.alloc(4));
const layouts = (['fixed', 'record'] as const).map(
  (layout): FrameLayout => ({ layout, frameSize: 4_096, aad: AAD }),
);
const naive = (cipher: FrameCipher): NaiveCipher => ({
  seal: (index, aad, plaintext) => sealed(cipher, index, aad, plaintext),
  open: (index, aad, frame) => opened(cipher, index, aad, frame),
});

describe.each(servedSuites())('frames of $name', ({ suite, engine }) => {
  const make = () => cipherOf(engine, suite);

  it('are those of the naive twin, at every edge length, and open', () => {
    for (const layout of layouts) {
      for (const length of [0, 1, 4_095, 4_096, 4_097, 3 * 4_096 + 5]) {
        const plaintext = patterned(length);
        const outcome = runSealer(make(), layout, [plaintext]);
        const frames = naiveSeal(naive(make()), layout, [plaintext]);
        expect(outcome.bytes.equals(Buffer.concat(frames))).toBe(true);
        expect(outcome.inputWritten || outcome.rewritten).toBe(false);
        const back = runOpener(make(), layout, [outcome.bytes]);
        expect([back.code, back.bytes.equals(plaintext)]).toEqual([undefined, true]);
        expect(back.inputWritten || back.rewritten).toBe(false);
      }
    }
  });

  it('come and go in any split', () => {
    const sizes = fc.constantFrom(0, 1, 4_095, 4_096, 4_097, 10_000);
    fc.assert(
      fc.property(sizes, fc.constantFrom(...layouts), someCuts, someCuts, (length, layout, cuts, others) => {
        const plaintext = patterned(length);
        const steps = splits(plaintext, cuts).flatMap((chunk) =>
          layout.layout === 'record' ? ([chunk, FLUSH] as const) : [chunk],
        );
        const { bytes } = runSealer(make(), layout, steps);
        const back = runOpener(make(), layout, splits(bytes, others));
        expect([back.code, back.bytes.equals(plaintext)]).toEqual([undefined, true]);
      }),
      { numRuns: runs(12) },
    );
  });

  it('that were damaged release what verified, from memory that holds nothing else', () => {
    for (const layout of layouts) {
      const frames = naiveSeal(naive(make()), layout, [patterned(4 * 4_096 + 100)]);
      for (const bad of [0, 2, 4]) {
        const stream = Buffer.concat(frames);
        const before = frames.slice(0, bad).reduce((sum, frame) => sum + frame.length, 0);
        stream[before + 50]! ^= 4;
        const verdict = naiveOpen(naive(make()), layout, stream);
        expect(verdict.plaintext).toHaveLength(bad * 4_096);
        for (const chunks of [[stream], splits(stream, [1_000, 5_000, 9_999])]) {
          const outcome = runOpener(make(), layout, chunks);
          expect([outcome.code, outcome.atEnd]).toEqual([verdict.code, verdict.atEnd]);
          expect(outcome.bytes.equals(verdict.plaintext)).toBe(true);
          for (const piece of outcome.pieces) expect(piece.buffer.byteLength).toBe(piece.length);
          expect(outcome.unwrittenSeen).toBe(false);
        }
      }
    }
  });

  it('end as FORMAT 7 says, wherever they are cut', () => {
    for (const layout of layouts) {
      const stream = Buffer.concat(naiveSeal(naive(make()), layout, [patterned(4_096 + 3)]));
      for (const cut of [0, 3, 15, 16, 4_111, 4_112, 4_116, 4_127, 4_130, stream.length - 1]) {
        const verdict = naiveOpen(naive(make()), layout, stream.subarray(0, cut));
        const outcome = runOpener(make(), layout, [stream.subarray(0, cut)]);
        expect([cut, outcome.code, outcome.atEnd]).toEqual([cut, verdict.code, verdict.atEnd]);
        expect(outcome.code).toBeDefined();
      }
    }
  });
});

describe('large frames over the engine that is picked', () => {
  it.each([65_536, 1_048_576])('are the same in chunks of any size (%i)', (frameSize) => {
    const { suite, engine } = servedSuites()[0]!;
    const layout: FrameLayout = { layout: 'fixed', frameSize, aad: AAD };
    const plaintext = patterned(2 * frameSize + 70_001);
    const whole = Buffer.concat(naiveSeal(naive(cipherOf(engine, suite)), layout, [plaintext]));
    const sizes = [4_093, 16_384, 16_399, 65_536, 65_552, 300_000];
    const chunks = sizes.flatMap((size) => [size, 1, 1_109].map((first) => ({ size, first })));
    for (const { size, first } of sampled(chunks, 6, `chunks of frames of ${frameSize}`)) {
      const sealing = runSealer(cipherOf(engine, suite), layout, chunksOf(plaintext, size, first));
      expect(sealing.bytes.equals(whole), `sealed in ${size} after ${first}`).toBe(true);
      const opening = runOpener(cipherOf(engine, suite), layout, chunksOf(whole, size, first));
      expect([opening.code, opening.bytes.equals(plaintext)], `opened in ${size} after ${first}`).toEqual([
        undefined,
        true,
      ]);
      for (const { unwrittenSeen, rewritten, inputWritten } of [sealing, opening]) {
        expect(unwrittenSeen || rewritten || inputWritten).toBe(false);
      }
    }
  });

  it('go through byte floods and through one chunk alike', () => {
    for (const layout of layouts) {
      const large = { ...layout, frameSize: 16_384 };
      const { suite, engine } = servedSuites()[0]!;
      const plaintext = patterned(2 * 16_384 + 11);
      const whole = runSealer(cipherOf(engine, suite), large, [plaintext]).bytes;
      expect(runSealer(cipherOf(engine, suite), large, singles(plaintext)).bytes.equals(whole)).toBe(true);
      expect(runOpener(cipherOf(engine, suite), large, singles(whole)).bytes.equals(plaintext)).toBe(true);
    }
  });
});
