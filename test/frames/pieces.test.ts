import { describe, expect, it } from 'vitest';
import { FrameSealer } from '../../src/frames/sealer.js';
import { failure } from '../reference/failure.js';
import { FakeCipher, fakeFrame } from '../reference/fake-cipher.js';
import { naiveSeal } from '../reference/naive-frames.js';
import {
  AAD,
  chunksOf,
  layoutOf,
  naiveFake,
  patterned,
  runOpener,
  runSealer,
} from '../reference/run-frames.js';

const F = 65_536;
/** The least that goes to the cipher as a piece. */
const PIECE = 16_384;
const FIXED = layoutOf('fixed', F);
const LIMIT = 'ERR_SEALPIPE_LIMIT';

const taking = (): FakeCipher => new FakeCipher({ inRows: true, pieces: true });
const framesOf = (length: number): Buffer[] => naiveSeal(naiveFake, FIXED, [patterned(length)]);
const sealedOf = (length: number): Buffer => Buffer.concat(framesOf(length));

const kindsOf = (cipher: FakeCipher): string[] => cipher.calls.map(({ kind }) => kind);

describe('a frame that spans chunks', () => {
  it('is sealed piece by piece as they come', () => {
    const cipher = taking();
    const plaintext = patterned(2 * F + 100);
    const outcome = runSealer(cipher, FIXED, chunksOf(plaintext, 30_000));
    expect(outcome.bytes.equals(sealedOf(plaintext.length))).toBe(true);
    const first = ['startSeal', 'update', 'update', 'finishSeal'];
    const second = ['startSeal', 'update', 'update', 'finishSeal'];
    // The last one is 100 bytes that came with the end of the second.
    expect(kindsOf(cipher)).toEqual([...first, ...second, 'seal']);
  });

  it('is opened piece by piece as they come', () => {
    const cipher = taking();
    const outcome = runOpener(cipher, FIXED, chunksOf(sealedOf(2 * F + 100), 30_000));
    expect(outcome.bytes.equals(patterned(2 * F + 100))).toBe(true);
    // The third chunk ends the first frame and begins the second, in one call, which these stand for.
    const across = ['openAcross', 'finishOpen', 'startOpen', 'update'];
    const begun = ['startOpen', 'update', 'update'];
    expect(kindsOf(cipher)).toEqual([...begun, ...across, 'update', 'finishOpen', 'open']);
  });

  it('is one of a run with the whole ones between', () => {
    const length = 9 * F + 5;
    const sealing = taking();
    const chunks = chunksOf(patterned(length), 3 * F, 2 * F + PIECE);
    expect(runSealer(sealing, FIXED, chunks).bytes.equals(sealedOf(length))).toBe(true);
    expect(new Set(kindsOf(sealing))).toEqual(
      new Set(['sealFrames', 'startSeal', 'update', 'finishSeal', 'seal']),
    );
    const opening = taking();
    expect(runOpener(opening, FIXED, chunksOf(sealedOf(length), 3 * F)).bytes.equals(patterned(length))).toBe(
      true,
    );
    expect(new Set(kindsOf(opening))).toEqual(
      new Set(['openFrames', 'startOpen', 'update', 'finishOpen', 'open']),
    );
  });

  it.each([
    [PIECE - 1, false],
    [PIECE, true],
    [F + 15, true],
    [F + 16, false],
  ])(
    'is ended in one call with the beginning of the next where %i bytes of that follow: %s',
    (rest, across) => {
      const cipher = taking();
      const sealed = sealedOf(3 * F);
      const ends = [30_000, F + 16 + rest, sealed.length];
      const chunks = ends.map((end, i) => sealed.subarray(i === 0 ? 0 : ends[i - 1], end));
      const outcome = runOpener(cipher, FIXED, chunks);
      expect([outcome.code, outcome.bytes.equals(patterned(3 * F))]).toEqual([undefined, true]);
      expect(cipher.calls.filter(({ kind }) => kind === 'openAcross')).toEqual(
        across ? [{ kind: 'openAcross', index: 1, size: rest }] : [],
      );
    },
  );

  it('is gathered until there is a piece of it that is worth a call', () => {
    const [sealing, opening] = [taking(), taking()];
    runSealer(sealing, FIXED, chunksOf(patterned(F), 1_000));
    // 17 chunks of 1,000 bytes are the first that make a piece.
    expect(sealing.calls.slice(0, 5)).toEqual([
      { kind: 'startSeal', index: 0, size: 0 },
      { kind: 'update', index: 0, size: 16_000 },
      { kind: 'update', index: 0, size: 1_000 },
      { kind: 'update', index: 0, size: 16_000 },
      { kind: 'update', index: 0, size: 1_000 },
    ]);
    runOpener(opening, FIXED, chunksOf(sealedOf(F), 1_000));
    expect(opening.calls.slice(0, 3)).toEqual([
      { kind: 'startOpen', index: 0, size: 0 },
      { kind: 'update', index: 0, size: 16_000 },
      { kind: 'update', index: 0, size: 1_000 },
    ]);
  });

  it.each([PIECE - 1, PIECE])(
    'that ends short after a first chunk of %i bytes comes in memory of its own',
    (size) => {
      const sealing = runSealer(taking(), FIXED, [patterned(size)]);
      expect(sealing.bytes.equals(sealedOf(size))).toBe(true);
      for (const cut of [PIECE - 1, PIECE, PIECE + 1, size + 15]) {
        const opening = runOpener(taking(), FIXED, [
          sealing.bytes.subarray(0, cut),
          sealing.bytes.subarray(cut),
        ]);
        expect([opening.code, opening.bytes.equals(patterned(size))]).toEqual([undefined, true]);
        expect(opening.pieces.map(({ buffer, length }) => buffer.byteLength - length)).toEqual([0]);
      }
      expect(sealing.pieces.map(({ buffer, length }) => buffer.byteLength - length)).toEqual([0]);
    },
  );

  it('is gathered by a copy in the record layout, where its word comes first', () => {
    const record = layoutOf('record', F);
    const [sealing, opening] = [taking(), taking()];
    const sealed = runSealer(sealing, record, chunksOf(patterned(2 * F), 30_000)).bytes;
    expect(runOpener(opening, record, chunksOf(sealed, 30_000)).bytes.equals(patterned(2 * F))).toBe(true);
    for (const cipher of [sealing, opening]) expect(kindsOf(cipher)).not.toContain('update');
  });
});

describe('a frame under way at the bounds of a stream', () => {
  const bounds = { maxFrames: 2, maxPlaintext: 10 * F };

  it('may be the last of them only if it stays short', () => {
    const short = runSealer(taking(), FIXED, chunksOf(patterned(2 * F - 1), 30_000), bounds);
    expect([short.code, short.frames]).toEqual([undefined, 2]);
    const full = runSealer(taking(), FIXED, chunksOf(patterned(2 * F), 30_000), bounds);
    expect([full.code, full.frames, full.bytes.length]).toEqual([LIMIT, 1, F + 16]);
  });

  it('is not opened past them', () => {
    const chunks = chunksOf(sealedOf(2 * F + 40_000), 30_000);
    const one = runOpener(taking(), FIXED, chunks, bounds);
    expect([one.code, one.frames, one.bytes.length]).toEqual([LIMIT, 2, 2 * F]);
    const bytes = { maxFrames: 9, maxPlaintext: 2 * F + 39_999 };
    const other = runOpener(taking(), FIXED, chunks, bytes);
    expect([other.code, other.frames, other.bytes.length]).toEqual([LIMIT, 2, 2 * F]);
    expect(
      runOpener(taking(), FIXED, chunks, { ...bytes, maxPlaintext: 2 * F + 40_000 }).code,
    ).toBeUndefined();
  });
});

it('a sealer keeps to the error of a frame under way', () => {
  const cipher = taking();
  const sealer = new FrameSealer(cipher, FIXED, () => {});
  sealer.write(patterned(PIECE));
  cipher.wipe();
  const error = failure(() => sealer.write(patterned(PIECE)));
  expect(failure(() => sealer.finish())).toBe(error);
});

it('what is not the first frame has associated data and index of its own', () => {
  const frames = framesOf(3 * F);
  expect(frames[2]!.equals(fakeFrame(2, AAD, patterned(3 * F).subarray(2 * F)))).toBe(true);
  const swapped = Buffer.concat([frames[0]!, frames[2]!, frames[1]!, frames[3]!]);
  const outcome = runOpener(taking(), FIXED, chunksOf(swapped, 20_000));
  expect([outcome.code, outcome.atEnd, outcome.bytes.length]).toEqual([
    'ERR_SEALPIPE_AUTHENTICATION',
    false,
    F,
  ]);
});
