import { describe, expect, it } from 'vitest';
import { NATIVE_SUITES, nativeCipher, needsAddon, sealedByNode, someBytes } from './addon-here.js';

const AAD = Buffer.from('associated data');
const SIZES = [0, 1, 15, 16, 17, 63, 64, 65, 255, 256, 1_023, 4_096, 65_536, 65_537, 1_048_576];

needsAddon();

describe.each(NATIVE_SUITES)('the addon on %s', (suite) => {
  it.each(SIZES)('seals %i bytes as node:crypto does, and opens them', (size) => {
    const cipher = nativeCipher(suite);
    for (const index of [0, 1, 2 ** 31, 2 ** 32 - 1]) {
      const plaintext = someBytes(size, index);
      const frame = Buffer.alloc(size + 16);
      cipher.seal(index, AAD, plaintext, frame, 0);
      expect(frame.equals(sealedByNode(suite, index, AAD, plaintext))).toBe(true);
      const out = Buffer.alloc(size, 0xa5);
      expect(cipher.open(index, AAD, frame, out, 0)).toBe(true);
      expect(out.equals(plaintext)).toBe(true);
    }
  });

  it.each([0, 1, 15, 16, 17, 300, 70_000])('takes %i bytes of associated data', (size) => {
    const aad = someBytes(size);
    const frame = Buffer.alloc(20);
    nativeCipher(suite).seal(3, aad, Buffer.from('text'), frame, 0);
    expect(frame.equals(sealedByNode(suite, 3, aad, Buffer.from('text')))).toBe(true);
  });

  it('seals from any place to any place, aligned or not, and writes nowhere else', () => {
    const cipher = nativeCipher(suite);
    const plaintext = someBytes(133);
    const expected = sealedByNode(suite, 9, AAD, plaintext);
    for (let from = 0; from < 17; from++) {
      for (let to = 0; to < 17; to += 3) {
        const source = Buffer.alloc(160);
        source.set(plaintext, from);
        const out = Buffer.alloc(200, 0xa5);
        cipher.seal(9, AAD, source.subarray(from, from + 133), out, to);
        expect(out.subarray(to, to + 149).equals(expected)).toBe(true);
        const around = [...out.subarray(0, to), ...out.subarray(to + 149)];
        expect(around.every((byte) => byte === 0xa5)).toBe(true);
      }
    }
  });

  it('seals and opens by turns on one cipher, through frames that are not authentic', () => {
    const cipher = nativeCipher(suite);
    for (let index = 0; index < 40; index++) {
      const plaintext = someBytes(index * 5, index);
      const frame = Buffer.alloc(plaintext.length + 16);
      cipher.seal(index, AAD, plaintext, frame, 0);
      expect(frame.equals(sealedByNode(suite, index, AAD, plaintext))).toBe(true);
      const out = Buffer.alloc(plaintext.length, 0xa5);
      expect(cipher.open(index + 1, AAD, frame, out, 0)).toBe(false);
      expect(out.every((byte) => byte === 0)).toBe(true);
      expect(cipher.open(index, AAD, frame, out, 0)).toBe(true);
      expect(out.equals(plaintext)).toBe(true);
    }
  });

  it('seals and opens in place', () => {
    const cipher = nativeCipher(suite);
    const plaintext = someBytes(1_000);
    const memory = Buffer.alloc(1_040, 0xa5);
    memory.set(plaintext, 11);
    cipher.seal(2, AAD, memory.subarray(11, 1_011), memory, 11);
    const frame = memory.subarray(11, 1_027);
    expect(frame.equals(sealedByNode(suite, 2, AAD, plaintext))).toBe(true);
    expect(cipher.open(2, AAD, frame, memory, 11)).toBe(true);
    expect(memory.subarray(11, 1_011).equals(plaintext)).toBe(true);
    expect([...memory.subarray(0, 11), ...memory.subarray(1_027)].every((byte) => byte === 0xa5)).toBe(true);
  });

  it('leaves nothing of a frame that it opened in place where its tag does not verify', () => {
    const memory = sealedByNode(suite, 2, AAD, someBytes(100));
    memory[115]! ^= 1;
    expect(nativeCipher(suite).open(2, AAD, memory, memory, 0)).toBe(false);
    expect(memory.subarray(0, 100).equals(Buffer.alloc(100))).toBe(true);
  });
});
