import { describe, expect, it } from 'vitest';
import { FORMAT_BOUNDS } from '../../src/frames/layout.js';
import { FrameOpener } from '../../src/frames/opener.js';
import { FrameSealer } from '../../src/frames/sealer.js';
import { failure } from '../reference/failure.js';
import { FakeCipher } from '../reference/fake-cipher.js';
import { naiveSeal } from '../reference/naive-frames.js';
import {
  FLUSH,
  layoutOf,
  naiveFake,
  patterned,
  runOpener,
  runSealer,
  singles,
} from '../reference/run-frames.js';

const LIMIT = 'ERR_SEALPIPE_LIMIT';
const F = 8;
const kinds = (['fixed', 'record'] as const).flatMap((layout) =>
  [{}, { inRows: true }, { detached: true }].map((abilities) => ({ layout, abilities })),
);

it('the bounds of a stream are those of FORMAT 6', () => {
  expect(FORMAT_BOUNDS).toEqual({ maxFrames: 2 ** 32 - 1, maxPlaintext: 2 ** 50 });
});

describe.each(kinds)(
  'a sealer that may make 3 frames ($layout layout, $abilities)',
  ({ layout, abilities }) => {
    const bounds = { maxFrames: 3, maxPlaintext: 1_000 };
    const seal = (chunks: readonly Uint8Array[]) =>
      runSealer(new FakeCipher(abilities), layoutOf(layout, F), chunks, bounds);

    it('takes all that two full frames and a shorter one hold', () => {
      for (const length of [2 * F, 3 * F - 1]) {
        for (const chunks of [[patterned(length)], singles(patterned(length))]) {
          expect(seal(chunks)).toMatchObject({ code: undefined, frames: 3 });
        }
      }
    });

    it('fails before a third full frame, after which no last one could follow', () => {
      const sealed = Buffer.concat(naiveSeal(naiveFake, layoutOf(layout, F), [patterned(3 * F)]));
      for (const chunks of [
        [patterned(3 * F)],
        singles(patterned(3 * F)),
        [patterned(5), patterned(3 * F - 5)],
      ]) {
        const outcome = seal(chunks);
        expect(outcome.code).toBe(LIMIT);
        // What left before is a whole number of right frames.
        expect(outcome.bytes.equals(sealed.subarray(0, outcome.bytes.length))).toBe(true);
        expect(outcome.bytes.length % (layout === 'record' ? F + 20 : F + 16)).toBe(0);
      }
    });

    it('keeps to that error', () => {
      const sealer = new FrameSealer(new FakeCipher(abilities), layoutOf(layout, F), () => {}, bounds);
      const error = failure(() => sealer.write(patterned(3 * F)));
      expect(failure(() => sealer.write(Buffer.alloc(0)))).toBe(error);
      expect(failure(() => sealer.finish())).toBe(error);
    });
  },
);

describe('a sealer at its bounds', () => {
  it('counts a flushed frame as any other', () => {
    const steps = [patterned(1), FLUSH, patterned(1), FLUSH, patterned(1)] as const;
    const bounded = (maxFrames: number) =>
      runSealer(new FakeCipher(), layoutOf('record', F), steps, { maxFrames, maxPlaintext: 100 });
    expect(bounded(3)).toMatchObject({ code: undefined, frames: 3 });
    expect(bounded(2).code).toBe(LIMIT);
  });

  it('emits no word of a frame that it then does not seal', () => {
    const frameSize = 16_384;
    const cipher = new FakeCipher({ detached: true });
    const bounds = { maxFrames: 2, maxPlaintext: 2 ** 20 };
    const chunks = [patterned(frameSize), patterned(frameSize)];
    const outcome = runSealer(cipher, layoutOf('record', frameSize), chunks, bounds);
    expect(cipher.calls.map(({ kind }) => kind)).toEqual(['sealDetached']);
    expect([outcome.code, outcome.bytes.length]).toEqual([LIMIT, 4 + frameSize + 16]);
  });

  it.each(['fixed', 'record'] as const)(
    'takes so many bytes of plaintext and not one more, %s layout',
    (layout) => {
      const bounds = { maxFrames: 100, maxPlaintext: 20 };
      const seal = (chunks: readonly Uint8Array[]) =>
        runSealer(new FakeCipher(), layoutOf(layout, F), chunks, bounds);
      for (const length of [19, 20]) {
        expect(seal([patterned(length)]).code).toBeUndefined();
        expect(seal(singles(patterned(length))).code).toBeUndefined();
      }
      expect(seal([patterned(21)])).toMatchObject({ code: LIMIT, frames: 0 });
      expect(seal(singles(patterned(21)))).toMatchObject({ code: LIMIT, frames: 2 });
    },
  );
});

describe('the bounds of the record layout', () => {
  const framesOf = (count: number) =>
    naiveSeal(naiveFake, layoutOf('record', F), [patterned(count * F)]).slice(0, count);
  const word = (value: number) => Buffer.of(value >>> 24, value >>> 16, value >>> 8, value);
  const open = (chunks: readonly Uint8Array[], maxPlaintext = 1_000) =>
    runOpener(new FakeCipher(), layoutOf('record', F), chunks, { maxFrames: 3, maxPlaintext });

  it.each<[string, Buffer, string]>([
    ['a fourth frame is refused at its first byte', Buffer.of(0), LIMIT],
    ['a fourth frame is refused before its word is judged', word(F + 1), LIMIT],
    ['nothing behind the third frame is a stream that was cut', Buffer.alloc(0), 'ERR_SEALPIPE_TRUNCATED'],
  ])('%s', (_, rest, code) => {
    const sealed = Buffer.concat([...framesOf(3), rest]);
    for (const chunks of [[sealed], singles(sealed)]) {
      const outcome = open(chunks);
      expect(outcome).toMatchObject({ code, frames: 3 });
      expect(outcome.bytes.equals(patterned(3 * F))).toBe(true);
    }
  });

  it('too much plaintext is refused by the word that promises it', () => {
    const sealed = Buffer.concat([...framesOf(2), word(5)]);
    for (const chunks of [[sealed], singles(sealed)]) {
      expect(open(chunks, 2 * F + 4)).toMatchObject({ code: LIMIT, frames: 2 });
      expect(open(chunks, 2 * F + 5)).toMatchObject({ code: 'ERR_SEALPIPE_TRUNCATED', frames: 2 });
    }
  });
});

describe.each(kinds)(
  'an opener that may open 3 frames ($layout layout, $abilities)',
  ({ layout, abilities }) => {
    const open = (
      frames: readonly Buffer[],
      bytewise: boolean,
      bounds = { maxFrames: 3, maxPlaintext: 1_000 },
    ) => {
      const sealed = Buffer.concat(frames);
      const chunks = bytewise ? singles(sealed) : [sealed];
      return runOpener(new FakeCipher(abilities), layoutOf(layout, F), chunks, bounds);
    };
    const framesOf = (length: number) => naiveSeal(naiveFake, layoutOf(layout, F), [patterned(length)]);

    it.each([[false], [true]])(
      'opens three, and stops at a fourth with all of the three released (byte by byte: %s)',
      (bytewise) => {
        expect(open(framesOf(3 * F - 1), bytewise)).toMatchObject({ code: undefined, frames: 3 });
        const outcome = open(framesOf(3 * F), bytewise);
        expect(outcome).toMatchObject({ code: LIMIT, frames: 3, atEnd: false });
        expect(outcome.bytes.equals(patterned(3 * F))).toBe(true);
        for (const more of [4, 5, 9]) {
          expect(open(framesOf(more * F), bytewise)).toMatchObject({ code: LIMIT, frames: 3 });
          expect(open(framesOf(more * F), bytewise).bytes.equals(patterned(3 * F))).toBe(true);
        }
      },
    );

    it.each([[false], [true]])(
      'opens so many bytes, and stops with all whole frames within them released (byte by byte: %s)',
      (bytewise) => {
        const bounds = { maxFrames: 100, maxPlaintext: 20 };
        for (const length of [19, 20]) expect(open(framesOf(length), bytewise, bounds).code).toBeUndefined();
        for (const length of [21, 50]) {
          const outcome = open(framesOf(length), bytewise, bounds);
          expect(outcome.code).toBe(LIMIT);
          expect(outcome.bytes.equals(patterned(length).subarray(0, 16))).toBe(true);
        }
        // Two whole frames of one chunk are one byte over the bound.
        const oneOver = open(framesOf(2 * F), bytewise, { maxFrames: 100, maxPlaintext: 2 * F - 1 });
        expect([oneOver.code, oneOver.bytes.length]).toEqual([LIMIT, F]);
      },
    );

    it('keeps to that error', () => {
      const opener = new FrameOpener(new FakeCipher(abilities), layoutOf(layout, F), () => {}, {
        maxFrames: 1,
        maxPlaintext: 9,
      });
      const error = failure(() => opener.write(Buffer.concat(framesOf(3 * F))));
      expect(error.code).toBe(LIMIT);
      expect(failure(() => opener.write(Buffer.alloc(1)))).toBe(error);
      expect(failure(() => opener.finish())).toBe(error);
    });
  },
);
