import { describe, expect, it } from 'vitest';
import { framesByNode, NATIVE_SUITES, nativeCipher, needsAddon, someBytes } from './addon-here.js';

const AAD = Buffer.from('associated data');
const FIRST = 3;
const TAG = 16;

const SIZES = [1, 15, 16, 17, 33, 64, 4_096, 65_536];
const COUNTS = [1, 2, 5];
const shapes = SIZES.flatMap((size) => COUNTS.map((count) => ({ size, count })));

/** Where the first of frames of `size` bytes of plaintext is cut: everywhere, or where something changes. */
function cutsOf(size: number, opening: boolean): number[] {
  const frame = opening ? size + TAG : size;
  if (frame <= 49) return Array.from({ length: frame }, (_, cut) => cut);
  const cuts = [0, 1, 15, 16, 17, 31, 32, 33, size - 17, size - 16, size - 15, size - 1];
  return opening ? [...cuts, size, size + 1, size + 8, size + 15] : cuts;
}

/** The parts before and behind `at`, each in memory of its own. */
function cut(bytes: Buffer, at: number): [Buffer, Buffer] {
  return [Buffer.from(bytes.subarray(0, at)), Buffer.from(bytes.subarray(at))];
}

needsAddon();

describe.each(NATIVE_SUITES)('frames by the addon on %s, of which the first is cut in two,', (suite) => {
  const framesOf = (size: number, count: number): Buffer =>
    framesByNode(suite, FIRST, AAD, size, someBytes(count * size));

  it.each(shapes)('are sealed to the same bytes ($count of $size)', ({ size, count }) => {
    const cipher = nativeCipher(suite);
    const expected = framesOf(size, count);
    for (const at of cutsOf(size, false)) {
      const out = Buffer.alloc(expected.length + 9, 0xa5);
      cipher.sealFrames(FIRST, AAD, size, ...cut(someBytes(count * size), at), out, 4);
      expect(out.subarray(4, -5).equals(expected), `cut at ${at}`).toBe(true);
      expect([...out.subarray(0, 4), ...out.subarray(-5)].every((byte) => byte === 0xa5)).toBe(true);
    }
  });

  it.each(shapes)('are opened to the same bytes ($count of $size)', ({ size, count }) => {
    const cipher = nativeCipher(suite);
    const [sealed, plaintext] = [framesOf(size, count), someBytes(count * size)];
    for (const at of cutsOf(size, true)) {
      const out = Buffer.alloc(plaintext.length + 9, 0xa5);
      expect(cipher.openFrames(FIRST, AAD, size, ...cut(sealed, at), out, 4), `cut at ${at}`).toBe(count);
      expect(out.subarray(4, -5).equals(plaintext), `cut at ${at}`).toBe(true);
      expect([...out.subarray(0, 4), ...out.subarray(-5)].every((byte) => byte === 0xa5)).toBe(true);
    }
  });

  it('are refused with any byte altered, on either side of any cut, and leave zeros', () => {
    const cipher = nativeCipher(suite);
    const size = 20;
    const frames = framesOf(size, 2);
    const zerosAndRest = Buffer.concat([Buffer.alloc(size), Buffer.alloc(size, 0xa5)]);
    const wrong: string[] = [];
    for (let at = 0; at < size + TAG; at++) {
      for (let bad = 0; bad < size + TAG; bad++) {
        const sealed = Buffer.from(frames);
        sealed[bad]! ^= 0x10;
        const out = Buffer.alloc(2 * size, 0xa5);
        const opened = cipher.openFrames(FIRST, AAD, size, ...cut(sealed, at), out, 0);
        if (opened !== 0 || !out.equals(zerosAndRest)) wrong.push(`cut at ${at}, byte ${bad}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it.each([64, 4_096])('are refused where the tag is cut and either part of it is altered (%i)', (size) => {
    const cipher = nativeCipher(suite);
    for (let inHead = 0; inHead < TAG; inHead++) {
      for (const bad of new Set([0, inHead - 1, inHead, TAG - 1].filter((byte) => byte >= 0))) {
        const sealed = framesOf(size, 1);
        sealed[size + bad]! ^= 1;
        const out = Buffer.alloc(size, 0xa5);
        expect(cipher.openFrames(FIRST, AAD, size, ...cut(sealed, size + inHead), out, 0)).toBe(0);
        expect(out.equals(Buffer.alloc(size)), `${inHead} in the head, byte ${bad}`).toBe(true);
      }
    }
  });

  it('are opened up to the first bad one behind the cut', () => {
    const cipher = nativeCipher(suite);
    for (const at of [1, 20, 47, 63]) {
      for (const bad of [1, 2, 3]) {
        const sealed = framesOf(48, 4);
        sealed[bad * 64 + at]! ^= 2;
        const out = Buffer.alloc(4 * 48, 0xa5);
        expect(cipher.openFrames(FIRST, AAD, 48, ...cut(sealed, at), out, 0)).toBe(bad);
        expect(out.subarray(0, bad * 48).equals(someBytes(4 * 48).subarray(0, bad * 48))).toBe(true);
        expect(out.subarray(bad * 48, (bad + 1) * 48).equals(Buffer.alloc(48))).toBe(true);
        expect(out.subarray((bad + 1) * 48).every((byte) => byte === 0xa5)).toBe(true);
      }
    }
  });

  it('are not taken in another order, with other associated data, or at another index', () => {
    const cipher = nativeCipher(suite);
    const size = 40;
    const [head, rest] = cut(framesOf(size, 1), 30);
    const open = (index: number, aad: Uint8Array, first: Buffer, second: Buffer): number =>
      cipher.openFrames(index, aad, size, first, second, Buffer.alloc(size), 0);
    expect(open(FIRST, AAD, head, rest)).toBe(1);
    expect(open(FIRST, AAD, rest, head)).toBe(0);
    expect(open(FIRST, AAD.subarray(1), head, rest)).toBe(0);
    expect(open(FIRST + 1, AAD, head, rest)).toBe(0);
  });

  it('go by turns with all else that one cipher does, through those that are refused', () => {
    const cipher = nativeCipher(suite);
    const size = 50;
    for (let at = 0; at < size + TAG; at += 3) {
      const sealed = framesOf(size, 2);
      const [out, text] = [Buffer.alloc(sealed.length), Buffer.alloc(2 * size)];
      cipher.sealFrames(FIRST, AAD, size, ...cut(someBytes(2 * size), at % size), out, 0);
      expect(out.equals(sealed)).toBe(true);
      expect(cipher.openFrames(FIRST + 1, AAD, size, ...cut(sealed, at), text, 0)).toBe(0);
      cipher.seal(FIRST, AAD, someBytes(size), out, 0);
      expect(out.equals(sealed)).toBe(true);
      expect(cipher.openFrames(FIRST, AAD, size, ...cut(sealed, at), text, 0)).toBe(2);
      expect(text.equals(someBytes(2 * size))).toBe(true);
      expect(cipher.open(FIRST, AAD, sealed.subarray(1), Buffer.alloc(150), 0)).toBe(false);
    }
  });
});
