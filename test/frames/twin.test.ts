import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeCipher } from '../reference/fake-cipher.js';
import { naiveOpen, naiveSeal } from '../reference/naive-frames.js';
import {
  FLUSH,
  layoutOf,
  naiveFake,
  patterned,
  runOpener,
  runSealer,
  singles,
  someCuts,
  splits,
} from '../reference/run-frames.js';
import { runs } from '../support/sample.js';

const ABILITIES = [
  {},
  { detached: true },
  { inRows: true },
  { detached: true, inRows: true },
  { inRows: true, pieces: true },
];
const kinds = (['fixed', 'record'] as const).flatMap((layout) =>
  ABILITIES.map((abilities) => ({
    layout,
    abilities,
    title: `${layout}, ${Object.keys(abilities).join(' and ') || 'plain'}`,
  })),
);
/** Small frames, one size from which the sealer takes detached ones, and one with room for pieces. */
const frameSizes = fc.constantFrom(1, 2, 7, 16, 16, 33, 16_384, 40_000);
const lengthFor = (frameSize: number) =>
  fc.oneof(
    fc.nat({ max: Math.min(6 * frameSize, 90_000) }),
    fc.constantFrom(0, 1, frameSize - 1, frameSize, frameSize + 1, 2 * frameSize, 3 * frameSize),
  );
const cases = frameSizes.chain((frameSize) =>
  fc.record({
    frameSize: fc.constant(frameSize),
    length: lengthFor(frameSize),
    cuts: someCuts,
    others: someCuts,
  }),
);

describe.each(kinds)('the careful engine is equal to its naive twin: $title', ({ layout, abilities }) => {
  it('sealing a plaintext in any split', () => {
    fc.assert(
      fc.property(cases, ({ frameSize, length, cuts }) => {
        const plaintext = patterned(length);
        const outcome = runSealer(
          new FakeCipher(abilities),
          layoutOf(layout, frameSize),
          splits(plaintext, cuts),
        );
        const frames = naiveSeal(naiveFake, layoutOf(layout, frameSize), [plaintext]);
        expect(outcome.bytes.equals(Buffer.concat(frames))).toBe(true);
        expect(outcome).toMatchObject({
          code: undefined,
          frames: frames.length,
          rewritten: false,
          inputWritten: false,
        });
      }),
      { numRuns: runs(120) },
    );
  });

  it('opening a stream in any split', () => {
    fc.assert(
      fc.property(cases, ({ frameSize, length, cuts, others }) => {
        const plaintext = patterned(length);
        // The record layout's frames are of many sizes when its writer flushes.
        const parts = layout === 'record' ? splits(plaintext, others) : [plaintext];
        const frames = naiveSeal(naiveFake, layoutOf(layout, frameSize), parts);
        const outcome = runOpener(
          new FakeCipher(abilities),
          layoutOf(layout, frameSize),
          splits(Buffer.concat(frames), cuts),
        );
        expect(outcome.bytes.equals(plaintext)).toBe(true);
        expect(outcome).toMatchObject({
          code: undefined,
          frames: frames.length,
          rewritten: false,
          inputWritten: false,
        });
      }),
      { numRuns: runs(120) },
    );
  });

  it('refusing a stream that was damaged, with the same code and the same plaintext released, in any split', () => {
    const damage = fc.tuple(
      fc.constantFrom('flip', 'cut', 'insert', 'drop', 'double', 'swap'),
      fc.nat(),
      fc.nat(),
    );
    fc.assert(
      fc.property(cases, damage, ({ frameSize, length, cuts, others }, [kind, where, what]) => {
        const parts = layout === 'record' ? splits(patterned(length), others) : [patterned(length)];
        const frames = naiveSeal(naiveFake, layoutOf(layout, frameSize), parts);
        const sealed = damaged(frames, kind, where, what);
        const verdict = naiveOpen(naiveFake, layoutOf(layout, frameSize), sealed);
        const outcome = runOpener(
          new FakeCipher(abilities),
          layoutOf(layout, frameSize),
          splits(sealed, cuts),
        );
        expect([outcome.code, outcome.atEnd]).toEqual([verdict.code, verdict.atEnd]);
        expect(outcome.bytes.equals(verdict.plaintext)).toBe(true);
        expect(outcome.rewritten || outcome.inputWritten).toBe(false);
      }),
      { numRuns: runs(250) },
    );
  });

  it('byte by byte', () => {
    for (const length of [0, 1, 15, 16, 17, 32, 100]) {
      const plaintext = patterned(length);
      const frames = Buffer.concat(naiveSeal(naiveFake, layoutOf(layout, 16), [plaintext]));
      expect(
        runSealer(new FakeCipher(abilities), layoutOf(layout, 16), singles(plaintext)).bytes.equals(frames),
      ).toBe(true);
      expect(
        runOpener(new FakeCipher(abilities), layoutOf(layout, 16), singles(frames)).bytes.equals(plaintext),
      ).toBe(true);
    }
  });
});

describe.each(ABILITIES)('the record layout with flushes is equal to its naive twin: %o', (abilities) => {
  it('wherever they come', () => {
    const steps = fc.array(fc.oneof(fc.constant(FLUSH), fc.nat({ max: 50 })), { maxLength: 20 });
    fc.assert(
      fc.property(steps, fc.constantFrom(1, 7, 16, 40), (pattern, frameSize) => {
        const all = patterned(1_000);
        const parts: Buffer[] = [Buffer.alloc(0)];
        let at = 0;
        const inputs = pattern.map((step) => {
          if (step === FLUSH) {
            parts.push(Buffer.alloc(0));
            return step;
          }
          const chunk = all.subarray(at, (at += step as number));
          parts.push(Buffer.concat([parts.pop()!, chunk]));
          return chunk;
        });
        const outcome = runSealer(new FakeCipher(abilities), layoutOf('record', frameSize), inputs);
        const frames = naiveSeal(naiveFake, layoutOf('record', frameSize), parts);
        expect(outcome.bytes.equals(Buffer.concat(frames))).toBe(true);
        expect(outcome.frames).toBe(frames.length);
        const back = runOpener(new FakeCipher(abilities), layoutOf('record', frameSize), [outcome.bytes]);
        expect([back.code, back.bytes.equals(all.subarray(0, at))]).toEqual([undefined, true]);
      }),
      { numRuns: runs(200) },
    );
  });
});

/** A stream of frames with one fault, or with none where the fault finds no place. */
function damaged(frames: readonly Buffer[], kind: string, where: number, what: number): Buffer {
  const sealed = Buffer.concat(frames);
  const at = where % sealed.length;
  const one = where % frames.length;
  if (kind === 'flip') sealed[at]! ^= 1 << (what % 8);
  if (kind === 'cut') return sealed.subarray(0, at);
  if (kind === 'insert')
    return Buffer.concat([sealed.subarray(0, at + 1), patterned((what % 40) + 1), sealed.subarray(at + 1)]);
  if (kind === 'drop') return Buffer.concat(frames.filter((_, i) => i !== one));
  if (kind === 'double')
    return Buffer.concat(frames.flatMap((frame, i) => (i === one ? [frame, frame] : [frame])));
  if (kind === 'swap') {
    const other = what % frames.length;
    return Buffer.concat(
      frames.map((frame, i) => (i === one ? frames[other]! : i === other ? frames[one]! : frame)),
    );
  }
  return sealed;
}
