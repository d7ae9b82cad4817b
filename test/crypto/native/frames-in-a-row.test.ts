import { describe, expect, it } from 'vitest';
import { codeOf } from '../../reference/failure.js';
import { NATIVE_SUITES, nativeCipher, needsAddon, sealedByNode, someBytes } from './addon-here.js';

const AAD = Buffer.from('associated data');
const FIRST = 5;

needsAddon();

describe.each(NATIVE_SUITES)('frames in a row by the addon on %s', (suite) => {
  const sealedInARow = (count: number, size: number): Buffer =>
    Buffer.concat(
      Array.from({ length: count }, (_, i) =>
        sealedByNode(suite, FIRST + i, AAD, someBytes(count * size).subarray(i * size, (i + 1) * size)),
      ),
    );

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
    cipher.sealFrames(FIRST, AAD, size, someBytes(count * size), sealed, 4);
    expect(sealed.subarray(4, -5).equals(expected)).toBe(true);
    const out = Buffer.alloc(count * size + 9, 0xa5);
    expect(cipher.openFrames(FIRST, AAD, size, expected, out, 4)).toBe(count);
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
        expect(cipher.openFrames(FIRST, AAD, 32, sealed, out, 0)).toBe(bad);
        expect(out.subarray(0, bad * 32).equals(someBytes(6 * 32).subarray(0, bad * 32))).toBe(true);
        expect(out.subarray(bad * 32, (bad + 1) * 32).equals(Buffer.alloc(32))).toBe(true);
        expect(out.subarray((bad + 1) * 32).every((byte) => byte === 0xa5)).toBe(true);
      }
    }
  });

  it('end at index 2^32 - 1, and never begin again at 0', () => {
    const cipher = nativeCipher(suite);
    const out = Buffer.alloc(72);
    cipher.sealFrames(2 ** 32 - 3, AAD, 8, someBytes(24), out, 0);
    const last = sealedByNode(suite, 2 ** 32 - 1, AAD, someBytes(24).subarray(16));
    expect(out.subarray(48).equals(last)).toBe(true);
    expect(codeOf(() => cipher.sealFrames(2 ** 32 - 2, AAD, 8, someBytes(24), out, 0))).toBe(
      'ERR_SEALPIPE_OPTIONS',
    );
  });

  it('can be in place where it is one', () => {
    const memory = Buffer.alloc(48);
    memory.set(someBytes(32));
    const cipher = nativeCipher(suite);
    cipher.sealFrames(FIRST, AAD, 32, memory.subarray(0, 32), memory, 0);
    expect(memory.equals(sealedInARow(1, 32))).toBe(true);
    expect(cipher.openFrames(FIRST, AAD, 32, memory, memory, 0)).toBe(1);
    expect(memory.subarray(0, 32).equals(someBytes(32))).toBe(true);
  });
});
