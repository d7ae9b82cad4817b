import { describe, expect, it } from 'vitest';
import { BlockOpener } from '../../src/blocks/block-opener.js';
import { BlockSealer } from '../../src/blocks/block-sealer.js';
import { FrameBlock } from '../../src/blocks/frame-block.js';
import type { FrameCipher } from '../../src/crypto/aead.js';
import type { FrameBounds } from '../../src/frames/layout.js';
import { failure } from '../reference/failure.js';
import { FakeCipher } from '../reference/fake-cipher.js';
import type { NaiveCipher } from '../reference/naive-frames.js';
import { naiveOpen, naiveSeal } from '../reference/naive-frames.js';
import { layoutOf, naiveFake, patterned } from '../reference/run-frames.js';
import { cipherOf, opened, sealed, servedSuites } from '../reference/served-suites.js';

const COUNT = 3;

/** Seals a plaintext block by block, all of them in one block's memory. */
function sealInBlocks(cipher: FrameCipher, F: number, plaintext: Uint8Array, bounds?: FrameBounds) {
  const sealer = new BlockSealer(cipher, layoutOf('fixed', F), bounds);
  const block = new FrameBlock(F, COUNT);
  const pieces: Buffer[] = [];
  for (let at = 0, isLast = false; !isLast; at += COUNT * F) {
    const piece = plaintext.subarray(at, at + COUNT * F);
    block.bodies.forEach((body, i) => void body.set(piece.subarray(i * F, (i + 1) * F)));
    isLast = piece.length < COUNT * F;
    pieces.push(Buffer.from(sealer.seal(block, piece.length, isLast)));
  }
  return { bytes: Buffer.concat(pieces), frames: sealer.frames };
}

/** Opens a sealed stream in the same way, as far as it goes. */
function openInBlocks(cipher: FrameCipher, F: number, stream: Uint8Array, bounds?: FrameBounds) {
  const opener = new BlockOpener(cipher, layoutOf('fixed', F), bounds);
  const block = new FrameBlock(F, COUNT);
  const plaintext: Buffer[] = [];
  let error: { code?: string; atEnd?: boolean } | undefined;
  try {
    for (let at = 0, isLast = false; !isLast; at += block.memory.length) {
      const piece = stream.subarray(at, at + block.memory.length);
      block.memory.set(piece);
      isLast = piece.length < block.memory.length;
      opener.open(block, piece.length, isLast, (bytes) => void plaintext.push(Buffer.from(bytes)));
    }
  } catch (thrown) {
    error = thrown as typeof error;
  }
  expect(plaintext.every(({ length }) => length > 0)).toBe(true);
  return {
    plaintext: Buffer.concat(plaintext),
    frames: opener.frames,
    code: error?.code,
    atEnd: error?.atEnd ?? false,
  };
}

const naive = (cipher: FrameCipher): NaiveCipher => ({
  seal: (index, aad, plaintext) => sealed(cipher, index, aad, plaintext),
  open: (index, aad, frame) => opened(cipher, index, aad, frame),
});

describe.each(servedSuites())('frames of $name in a block', ({ suite, engine }) => {
  const F = 4_096;
  const make = () => cipherOf(engine, suite);
  const sizes = [0, 1, F - 1, F, F + 1, 3 * F - 1, 3 * F, 3 * F + 1, 6 * F, 7 * F + 5];

  it('are sealed where they lie, as the naive twin seals them, and opened there', () => {
    for (const size of sizes) {
      const plaintext = patterned(size);
      const expected = Buffer.concat(naiveSeal(naive(make()), layoutOf('fixed', F), [plaintext]));
      const { bytes, frames } = sealInBlocks(make(), F, plaintext);
      expect([size, bytes.equals(expected), frames]).toEqual([size, true, Math.floor(size / F) + 1]);
      const back = openInBlocks(make(), F, bytes);
      expect([size, back.code, back.plaintext.equals(plaintext)]).toEqual([size, undefined, true]);
    }
  });

  it('leave no plaintext in memory where they do not verify', () => {
    const block = new FrameBlock(F, COUNT);
    const plaintext = patterned(F);
    const frame = sealed(make(), 0, layoutOf('fixed', F).aad, plaintext);
    frame[F + 3]! ^= 1;
    block.memory.set(frame);
    const opener = new BlockOpener(make(), layoutOf('fixed', F));
    failure(() => opener.open(block, frame.length, false, () => expect.fail('emitted')));
    expect(block.memory.includes(plaintext.subarray(0, 64))).toBe(false);
  });
});

describe('a stream of blocks', () => {
  const F = 8;
  const stream = Buffer.concat(naiveSeal(naiveFake, layoutOf('fixed', F), [patterned(7 * F + 5)]));
  const verdictOn = (bytes: Uint8Array) => naiveOpen(naiveFake, layoutOf('fixed', F), bytes);

  it('ends as FORMAT 7 says, wherever it is cut, with every whole frame released', () => {
    for (let cut = 0; cut <= stream.length; cut++) {
      const { plaintext, code, atEnd } = verdictOn(stream.subarray(0, cut));
      const outcome = openInBlocks(new FakeCipher(), F, stream.subarray(0, cut));
      expect([cut, outcome]).toMatchObject([cut, { code, atEnd }]);
      expect(outcome.plaintext.equals(plaintext)).toBe(true);
    }
  });

  it('is opened up to its first altered byte, wherever that is', () => {
    for (let at = 0; at < stream.length; at++) {
      const altered = Buffer.from(stream);
      altered[at]! ^= 0x40;
      const { plaintext, code, atEnd } = verdictOn(altered);
      const outcome = openInBlocks(new FakeCipher(), F, altered);
      expect([at, outcome]).toMatchObject([at, { code, atEnd, frames: plaintext.length / F }]);
      expect(outcome.plaintext.equals(plaintext)).toBe(true);
    }
  });

  it('is not authentic where anything follows it', () => {
    for (const extra of [1, 15, 16, F, F + 16, 5 * F]) {
      const longer = Buffer.concat([stream, Buffer.alloc(extra)]);
      const { plaintext, code, atEnd } = verdictOn(longer);
      expect(code).toBe('ERR_SEALPIPE_AUTHENTICATION');
      const outcome = openInBlocks(new FakeCipher(), F, longer);
      expect([extra, outcome]).toMatchObject([extra, { code, atEnd }]);
      expect(outcome.plaintext.equals(plaintext)).toBe(true);
    }
  });
});

describe('the bounds of FORMAT 6', () => {
  const F = 8;
  const seal = (length: number, bounds: FrameBounds) =>
    sealInBlocks(new FakeCipher(), F, patterned(length), bounds);
  const open = (length: number, bounds: FrameBounds) =>
    openInBlocks(new FakeCipher(), F, seal(length, { maxFrames: 99, maxPlaintext: 999 }).bytes, bounds);

  it.each([2, 3, 4, 5, 7])('hold a sealer that may make %i frames', (maxFrames) => {
    const bounds = { maxFrames, maxPlaintext: 999 };
    for (const length of [(maxFrames - 1) * F, maxFrames * F - 1]) {
      expect(seal(length, bounds).frames).toBe(maxFrames);
    }
    for (const length of [maxFrames * F, maxFrames * F + 1, (maxFrames + 3) * F]) {
      expect(failure(() => seal(length, bounds)).code).toBe('ERR_SEALPIPE_LIMIT');
    }
  });

  it.each([2, 3, 4, 5, 7])('hold an opener that may open %i frames', (maxFrames) => {
    const bounds = { maxFrames, maxPlaintext: 999 };
    expect(open(maxFrames * F - 1, bounds)).toMatchObject({ code: undefined, frames: maxFrames });
    for (const length of [maxFrames * F, (maxFrames + 3) * F]) {
      const outcome = open(length, bounds);
      expect(outcome).toMatchObject({ code: 'ERR_SEALPIPE_LIMIT', frames: maxFrames });
      expect(outcome.plaintext.equals(patterned(maxFrames * F))).toBe(true);
    }
  });

  it('hold both to so many bytes and not one more', () => {
    for (const maxPlaintext of [20, 24, 25, 40]) {
      const bounds = { maxFrames: 99, maxPlaintext };
      expect(seal(maxPlaintext, bounds).bytes.length).toBeGreaterThan(0);
      expect(failure(() => seal(maxPlaintext + 1, bounds)).code).toBe('ERR_SEALPIPE_LIMIT');
      expect(open(maxPlaintext, bounds).code).toBeUndefined();
      const over = open(maxPlaintext + 1, bounds);
      expect([over.code, over.plaintext.length]).toEqual([
        'ERR_SEALPIPE_LIMIT',
        Math.floor(maxPlaintext / F) * F,
      ]);
    }
  });
});

it('neither seals nor opens after a wipe', () => {
  const block = new FrameBlock(8, COUNT);
  const sealer = new BlockSealer(new FakeCipher(), layoutOf('fixed', 8));
  const opener = new BlockOpener(new FakeCipher(), layoutOf('fixed', 8));
  sealer.wipe();
  opener.wipe();
  expect(() => sealer.seal(block, 3, true)).toThrow('after its wipe');
  expect(() => opener.open(block, 24, true, () => undefined)).toThrow('after its wipe');
});
