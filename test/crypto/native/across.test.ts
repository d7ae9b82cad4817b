import { describe, expect, it } from 'vitest';
import { codeOf } from '../../reference/failure.js';
import type { NativeCipher } from './addon-here.js';
import { framesByNode, NATIVE_SUITES, nativeCipher, needsAddon, someBytes } from './addon-here.js';

const AAD = Buffer.from('associated data');
const FIRST = 4;
const TAG = 16;
const SIZE = 60;
const UNIT = SIZE + TAG;
const REFUSED = 'ERR_SEALPIPE_OPTIONS';
const FRAMES = framesByNode('AES-256-GCM', FIRST, AAD, SIZE, someBytes(2 * SIZE));

needsAddon();

/** A cipher that was fed the first `fed` bytes of the first frame, and where their plaintext is. */
function underWay(fed: number, frames = FRAMES): { cipher: NativeCipher; out: Buffer; written: number } {
  const cipher = nativeCipher();
  const out = Buffer.alloc(SIZE, 0xa5);
  cipher.startOpen(FIRST, AAD);
  cipher.update(frames, 0, fed, out, 0);
  return { cipher, out, written: Math.max(0, fed - TAG) };
}

describe.each(NATIVE_SUITES)('frames of %s that are opened across chunks', (suite) => {
  it.each([1, 15, 16, 17, 31, 32, 33, 59, 60, 61, 75])(
    'of one length are those of node:crypto, the first of %i bytes',
    (first) => {
      const count = 9;
      const plaintext = someBytes(count * SIZE);
      const sealed = framesByNode(suite, FIRST, AAD, SIZE, plaintext);
      const cipher = nativeCipher(suite);
      const outs = Array.from({ length: count }, () => Buffer.alloc(SIZE + 2, 0xa5));
      cipher.startOpen(FIRST, AAD);
      cipher.update(sealed, 0, first, outs[0]!, 0);
      for (let i = 0; i + 1 < count; i++) {
        // As chunks of one frame's length come: what is left of one frame, and the beginning of the next.
        const chunk = sealed.subarray(first + i * UNIT, first + (i + 1) * UNIT);
        const [out, next] = [outs[i]!, outs[i + 1]!];
        const verified = cipher.openAcross(
          chunk,
          UNIT - first,
          out,
          Math.max(0, first - TAG),
          FIRST + i + 1,
          AAD,
          next,
        );
        expect(verified).toBe(true);
        expect(out.subarray(0, SIZE)).toEqual(plaintext.subarray(i * SIZE, (i + 1) * SIZE));
        expect(out.subarray(SIZE)).toEqual(Buffer.alloc(2, 0xa5));
        const due = Math.max(0, first - TAG);
        expect(next.subarray(0, due)).toEqual(plaintext.subarray((i + 1) * SIZE, (i + 1) * SIZE + due));
        expect(next.subarray(due)).toEqual(Buffer.alloc(SIZE + 2 - due, 0xa5));
      }
    },
  );

  it('are refused with any byte altered, and nothing is under way then', () => {
    for (let bad = 0; bad < UNIT; bad++) {
      const sealed = framesByNode(suite, FIRST, AAD, SIZE, someBytes(2 * SIZE));
      sealed[bad]! ^= 8;
      const cipher = nativeCipher(suite);
      const [out, next] = [Buffer.alloc(SIZE), Buffer.alloc(SIZE, 0xa5)];
      cipher.startOpen(FIRST, AAD);
      cipher.update(sealed, 0, 30, out, 0);
      expect(cipher.openAcross(sealed.subarray(30), UNIT - 30, out, 14, FIRST + 1, AAD, next)).toBe(false);
      expect(next).toEqual(Buffer.alloc(SIZE, 0xa5));
      expect(codeOf(() => cipher.update(sealed, 0, 1, out, 0))).toBe(REFUSED);
      const right = Buffer.alloc(UNIT);
      cipher.seal(FIRST, AAD, someBytes(SIZE), right, 0);
      right[bad]! ^= 8;
      expect(right).toEqual(sealed.subarray(0, UNIT));
    }
  });
});

describe('the frame that is begun behind another', () => {
  it.each([
    ['its index', FIRST + 2, AAD],
    ['its associated data', FIRST + 1, AAD.subarray(1)],
  ])('has %s of its own', (_, index, aad) => {
    const { cipher, out, written } = underWay(40);
    const next = Buffer.alloc(SIZE);
    const chunk = FRAMES.subarray(40, UNIT + 50);
    expect(cipher.openAcross(chunk, UNIT - 40, out, written, index, aad, next)).toBe(true);
    expect(cipher.finishOpen(FRAMES, UNIT + 50, 2 * UNIT, next, 34)).toBe(false);
  });

  it('may have no byte yet', () => {
    const { cipher, out, written } = underWay(40);
    const next = Buffer.alloc(SIZE);
    expect(cipher.openAcross(FRAMES.subarray(40, UNIT), UNIT - 40, out, written, FIRST + 1, AAD, next)).toBe(
      true,
    );
    expect(cipher.finishOpen(FRAMES, UNIT, 2 * UNIT, next, 0)).toBe(true);
    expect(Buffer.concat([out, next])).toEqual(someBytes(2 * SIZE));
  });
});

describe('what cannot be done', () => {
  /** Nothing was written, and the frame that was under way goes on. */
  const doesNothing = (call: (cipher: NativeCipher, out: Buffer, memory: Buffer) => unknown): void => {
    const { cipher, out, written } = underWay(40);
    const memory = Buffer.concat([FRAMES.subarray(40), Buffer.alloc(2 * SIZE), AAD]);
    const before = [Buffer.from(out), Buffer.from(memory)];
    expect(codeOf(() => call(cipher, out, memory))).toBe(REFUSED);
    expect([out, memory]).toEqual(before);
    const next = Buffer.alloc(SIZE);
    expect(cipher.openAcross(FRAMES.subarray(40), UNIT - 40, out, written, FIRST + 1, AAD, next)).toBe(true);
    expect(out).toEqual(someBytes(SIZE));
  };
  const CUT = UNIT - 40;
  const CHUNK = 2 * UNIT - 40;

  it.each<[string, (cipher: NativeCipher, out: Buffer, memory: Buffer) => unknown]>([
    [
      'writing over the rest of the chunk',
      (cipher, out, memory) =>
        cipher.openAcross(memory.subarray(0, CHUNK), CUT, out, 24, 5, AAD, memory.subarray(CHUNK - 1)),
    ],
    [
      'writing the frame that ends over the chunk behind it',
      (cipher, _, memory) =>
        cipher.openAcross(memory.subarray(0, CHUNK), CUT, memory, CUT, 5, AAD, Buffer.alloc(SIZE)),
    ],
    [
      'writing both frames to one place',
      (cipher, out, memory) =>
        cipher.openAcross(memory.subarray(0, CHUNK), CUT, out, 24, 5, AAD, out.subarray(SIZE - 1)),
    ],
    [
      'writing over the associated data',
      (cipher, out, memory) =>
        cipher.openAcross(
          FRAMES.subarray(40),
          CUT,
          out,
          24,
          5,
          memory.subarray(CHUNK, CHUNK + 9),
          memory.subarray(CHUNK),
        ),
    ],
    [
      'writing the frame that ends over the associated data',
      (cipher, _, memory) =>
        cipher.openAcross(
          FRAMES.subarray(40),
          CUT,
          memory,
          CHUNK,
          5,
          memory.subarray(CHUNK, CHUNK + 9),
          Buffer.alloc(SIZE),
        ),
    ],
    [
      'a cut behind the chunk',
      (cipher, out) => cipher.openAcross(FRAMES, 2 * UNIT + 1, out, 24, 5, AAD, Buffer.alloc(SIZE)),
    ],
    [
      'a next frame that does not fit',
      (cipher, out) => cipher.openAcross(FRAMES.subarray(40), CUT, out, 24, 5, AAD, Buffer.alloc(SIZE - 1)),
    ],
    [
      'a frame that does not fit',
      (cipher, out) => cipher.openAcross(FRAMES.subarray(40), CUT, out, 25, 5, AAD, Buffer.alloc(SIZE)),
    ],
  ])('is refused, and changes nothing: %s', (_, call) => doesNothing(call));

  it('without a frame under way, or with one that is sealed, or that has no whole tag', () => {
    const cipher = nativeCipher();
    const [out, next] = [Buffer.alloc(SIZE), Buffer.alloc(2 * UNIT)];
    const across = (chunk: Buffer, cut: number) => () => cipher.openAcross(chunk, cut, out, 0, 5, AAD, next);
    expect(codeOf(across(FRAMES, UNIT))).toBe(REFUSED);
    cipher.startSeal(FIRST, AAD);
    expect(codeOf(across(FRAMES, UNIT))).toBe(REFUSED);
    cipher.startOpen(FIRST, AAD);
    expect(codeOf(across(FRAMES, 15))).toBe(REFUSED);
    expect(across(FRAMES, UNIT)()).toBe(true);
  });
});
