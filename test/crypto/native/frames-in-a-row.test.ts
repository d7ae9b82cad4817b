import { describe, expect, it } from 'vitest';
import { codeOf } from '../../reference/failure.js';
import {
  framesByNode,
  NATIVE_SUITES,
  nativeCipher,
  needsAddon,
  sealedByNode,
  someBytes,
} from './addon-here.js';

const AAD = Buffer.from('associated data');
const NONE = Buffer.alloc(0);
const FIRST = 5;
const REFUSED = 'ERR_SEALPIPE_OPTIONS';

needsAddon();

describe.each(NATIVE_SUITES)('frames in a row by the addon on %s', (suite) => {
  const sealedInARow = (count: number, size: number): Buffer =>
    framesByNode(suite, FIRST, AAD, size, someBytes(count * size));

  it.each([
    [0, 64],
    [1, 1],
    [1, 65_536],
    [2, 17],
    [7, 4_096],
    [100, 16],
  ])('are %i of %i bytes as one by one, both ways', (count, size) => {
    const cipher = nativeCipher(suite);
    const expected = sealedInARow(count, size);
    const sealed = Buffer.alloc(expected.length + 9, 0xa5);
    cipher.sealFrames(FIRST, AAD, size, NONE, someBytes(count * size), sealed, 4);
    expect(sealed.subarray(4, -5).equals(expected)).toBe(true);
    const out = Buffer.alloc(count * size + 9, 0xa5);
    expect(cipher.openFrames(FIRST, AAD, size, NONE, expected, out, 4)).toBe(count);
    expect(out.subarray(4, -5).equals(someBytes(count * size))).toBe(true);
    for (const around of [sealed, out]) {
      expect([...around.subarray(0, 4), ...around.subarray(-5)].every((byte) => byte === 0xa5)).toBe(true);
    }
  });

  it('are opened up to the first bad one, which leaves zeros, and no further', () => {
    const cipher = nativeCipher(suite);
    for (let bad = 0; bad < 6; bad++) {
      for (const at of [0, 31, 32, 47]) {
        const sealed = sealedInARow(6, 32);
        sealed[bad * 48 + at]! ^= 4;
        const out = Buffer.alloc(6 * 32, 0xa5);
        expect(cipher.openFrames(FIRST, AAD, 32, NONE, sealed, out, 0)).toBe(bad);
        expect(out.subarray(0, bad * 32).equals(someBytes(6 * 32).subarray(0, bad * 32))).toBe(true);
        expect(out.subarray(bad * 32, (bad + 1) * 32).equals(Buffer.alloc(32))).toBe(true);
        expect(out.subarray((bad + 1) * 32).every((byte) => byte === 0xa5)).toBe(true);
      }
    }
  });

  it('end at index 2^32 - 1, and never begin again at 0', () => {
    const cipher = nativeCipher(suite);
    const out = Buffer.alloc(72);
    cipher.sealFrames(2 ** 32 - 3, AAD, 8, NONE, someBytes(24), out, 0);
    const last = sealedByNode(suite, 2 ** 32 - 1, AAD, someBytes(24).subarray(16));
    expect(out.subarray(48).equals(last)).toBe(true);
    expect(codeOf(() => cipher.sealFrames(2 ** 32 - 2, AAD, 8, NONE, someBytes(24), out, 0))).toBe(REFUSED);
  });

  it('never are in place, not even where it is one', () => {
    const cipher = nativeCipher(suite);
    for (const count of [1, 2]) {
      const memory = Buffer.concat([sealedInARow(count, 32), Buffer.alloc(40)]);
      const before = Buffer.from(memory);
      const [text, frames] = [memory.subarray(0, count * 32), memory.subarray(0, count * 48)];
      expect(codeOf(() => cipher.sealFrames(FIRST, AAD, 32, NONE, text, memory, 0))).toBe(REFUSED);
      expect(codeOf(() => cipher.openFrames(FIRST, AAD, 32, NONE, frames, memory, 0))).toBe(REFUSED);
      expect(memory.equals(before)).toBe(true);
    }
  });
});
