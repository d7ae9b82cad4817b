import { describe, expect, it } from 'vitest';
import type { FrameCipher } from '../../src/crypto/aead.js';
import { SUITES } from '../../src/suites.js';
import { codeOf } from '../reference/failure.js';
import { cipherOf, opened, sealed, servedSuites } from '../reference/served-suites.js';

const AAD = Buffer.from('associated data');
const NONE = Buffer.alloc(0);
const PLAINTEXT = Buffer.from('attack at dawn, and not a minute later than that');

describe.each(servedSuites())('a frame cipher of $name', ({ suite, engine }) => {
  it('opens what it sealed, at any index, the empty frame included', () => {
    const cipher = cipherOf(engine, suite);
    for (const index of [0, 1, 255, 256, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 2]) {
      for (const plaintext of [PLAINTEXT, Buffer.alloc(0), Buffer.alloc(1), Buffer.alloc(4_097, 5)]) {
        const frame = sealed(cipher, index, AAD, plaintext);
        expect(frame).toHaveLength(plaintext.length + 16);
        expect(opened(cipher, index, AAD, frame)?.equals(plaintext)).toBe(true);
      }
    }
  });

  it('opens no frame at another index, with other associated data, under another key, or altered', () => {
    const cipher = cipherOf(engine, suite);
    const frame = sealed(cipher, 5, AAD, PLAINTEXT);
    expect(opened(cipher, 4, AAD, frame)).toBeUndefined();
    expect(opened(cipher, 5 + 2 ** 31, AAD, frame)).toBeUndefined();
    expect(opened(cipher, 5, AAD.subarray(1), frame)).toBeUndefined();
    expect(opened(cipher, 5, Buffer.alloc(0), frame)).toBeUndefined();
    expect(opened(cipherOf(engine, suite, 2), 5, AAD, frame)).toBeUndefined();
    for (let at = 0; at < frame.length; at++) {
      const altered = Buffer.from(frame);
      altered[at]! ^= 0x80;
      expect(opened(cipher, 5, AAD, altered)).toBeUndefined();
    }
    for (const cut of [1, 15, 16, frame.length - 16]) {
      expect(opened(cipher, 5, AAD, frame.subarray(0, -cut))).toBeUndefined();
    }
    expect(opened(cipher, 5, AAD, Buffer.alloc(16))).toBeUndefined();
    expect(opened(cipher, 5, AAD, frame)?.equals(PLAINTEXT)).toBe(true);
  });

  it('leaves no plaintext where the tag does not verify', () => {
    const cipher = cipherOf(engine, suite);
    const zeros = Buffer.alloc(4_096);
    const frame = sealed(cipher, 0, AAD, zeros);
    frame[frame.length - 1]! ^= 1;
    const out = Buffer.alloc(4_096 + 10, 0xa5);
    expect(cipher.open(0, AAD, frame, out, 5)).toBe(false);
    expect([...new Set(out.subarray(0, 5)), ...new Set(out.subarray(4_101))]).toEqual([0xa5, 0xa5]);
    // Wiped or untouched, but not what the ciphertext stands for: a plaintext of another byte leaves the same.
    const other = sealed(cipher, 0, AAD, Buffer.alloc(4_096, 0xff));
    other[other.length - 1]! ^= 1;
    const after = Buffer.alloc(4_096 + 10, 0xa5);
    expect(cipher.open(0, AAD, other, after, 5)).toBe(false);
    expect(after.equals(out)).toBe(true);
    expect(cipher.openDetached?.(0, AAD, frame)).toBeUndefined();
  });

  it('writes between the bounds of its output, and nowhere else, at any alignment', () => {
    const cipher = cipherOf(engine, suite);
    const expected = sealed(cipher, 3, AAD, PLAINTEXT);
    for (let offset = 0; offset < 9; offset++) {
      const memory = Buffer.alloc(200, 0xa5);
      const source = Buffer.alloc(200).subarray(offset, offset + PLAINTEXT.length);
      PLAINTEXT.copy(source);
      cipher.seal(3, AAD, source, memory, offset);
      const end = offset + expected.length;
      expect(memory.subarray(offset, end).equals(expected)).toBe(true);
      expect([...memory.subarray(0, offset), ...memory.subarray(end)].every((byte) => byte === 0xa5)).toBe(
        true,
      );
      const plain = Buffer.alloc(200, 0xa5);
      expect(cipher.open(3, AAD, memory.subarray(offset, end), plain, 8 - offset)).toBe(true);
      expect(plain.subarray(8 - offset, 8 - offset + PLAINTEXT.length).equals(PLAINTEXT)).toBe(true);
      expect(plain.subarray(8 - offset + PLAINTEXT.length).every((byte) => byte === 0xa5)).toBe(true);
    }
  });

  it('only reads what it is given to read', () => {
    const cipher = cipherOf(engine, suite);
    const [aad, plaintext] = [Buffer.from(AAD), Buffer.from(PLAINTEXT)];
    const frame = sealed(cipher, 0, aad, plaintext);
    cipher.sealDetached?.(0, aad, plaintext);
    const before = Buffer.from(frame);
    opened(cipher, 0, aad, frame);
    opened(cipher, 1, aad, frame);
    cipher.openDetached?.(0, aad, frame);
    cipher.openDetached?.(1, aad, frame);
    expect([aad.equals(AAD), plaintext.equals(PLAINTEXT), frame.equals(before)]).toEqual([true, true, true]);
  });

  it('gives detached frames the same bytes, in memory that holds nothing else', () => {
    const cipher = cipherOf(engine, suite);
    for (const plaintext of [PLAINTEXT, Buffer.alloc(0), Buffer.alloc(70_001, 9)]) {
      const frame = sealed(cipher, 9, AAD, plaintext);
      const parts = cipher.sealDetached?.(9, AAD, plaintext);
      if (parts) expect(Buffer.concat([parts.ciphertext, parts.tag]).equals(frame)).toBe(true);
      const detached = cipher.openDetached?.(9, AAD, frame);
      if (detached) expect(Buffer.from(detached).equals(plaintext)).toBe(true);
      for (const bytes of [parts?.ciphertext, detached]) {
        if (bytes && bytes.length > 0) expect(bytes.buffer.byteLength).toBe(bytes.length);
      }
      // Another call does not write into what an earlier one gave.
      cipher.sealDetached?.(10, AAD, Buffer.alloc(plaintext.length, 1));
      if (parts) expect(Buffer.concat([parts.ciphertext, parts.tag]).equals(frame)).toBe(true);
    }
  });

  it('keeps its own key and nonce: the caller may wipe what was given', () => {
    const { keySize, nonceSize } = SUITES[suite];
    const [key, nonce] = [Buffer.alloc(keySize, 7), Buffer.alloc(nonceSize, 8)];
    const cipher = engine.create(suite, key, nonce);
    const before = sealed(cipher, 2, AAD, PLAINTEXT);
    key.fill(0);
    nonce.fill(0);
    expect(sealed(cipher, 2, AAD, PLAINTEXT).equals(before)).toBe(true);
    expect(key.equals(Buffer.alloc(keySize))).toBe(true);
  });

  it('neither seals nor opens once it is wiped, not even under a key of zeros', () => {
    const cipher = cipherOf(engine, suite);
    const frame = sealed(cipher, 0, AAD, PLAINTEXT);
    const { keySize, nonceSize } = SUITES[suite];
    const nonce = Uint8Array.from({ length: nonceSize }, (_, i) => i * 11 + 1);
    const underZeros = sealed(engine.create(suite, new Uint8Array(keySize), nonce), 0, AAD, PLAINTEXT);
    cipher.wipe();
    cipher.wipe();
    expect(codeOf(() => sealed(cipher, 0, AAD, PLAINTEXT))).toBeDefined();
    for (const sealedFrame of [frame, underZeros]) {
      expect(openedBy(() => opened(cipher, 0, AAD, sealedFrame))).toBe(false);
      expect(openedBy(() => cipher.openDetached?.(0, AAD, sealedFrame))).toBe(false);
    }
    if (cipher.sealDetached) expect(codeOf(() => cipher.sealDetached!(0, AAD, PLAINTEXT))).toBeDefined();
  });

  it('seals and opens frames in a row as one by one, where it can', () => {
    const cipher = cipherOf(engine, suite);
    if (cipher.sealFrames === undefined || cipher.openFrames === undefined) return;
    const size = 64;
    const plaintext = Buffer.from(Array.from({ length: 5 * size }, (_, i) => i));
    const oneByOne = Buffer.concat(
      cuts(plaintext, size).map((frame, i) => sealed(cipher, 7 + i, AAD, frame)),
    );
    const out = Buffer.alloc(oneByOne.length + 10, 0xa5);
    cipher.sealFrames(7, AAD, size, NONE, plaintext, out, 3);
    expect(out.subarray(3, 3 + oneByOne.length).equals(oneByOne)).toBe(true);
    expect([...out.subarray(0, 3), ...out.subarray(3 + oneByOne.length)].every((byte) => byte === 0xa5)).toBe(
      true,
    );
    expect(countOpened(cipher, oneByOne, plaintext, size)).toBe(5);
    for (let bad = 0; bad < 5; bad++) {
      const altered = Buffer.from(oneByOne);
      altered[bad * (size + 16) + 70]! ^= 1;
      expect(countOpened(cipher, altered, plaintext, size)).toBe(bad);
    }
  });

  it('seals and opens frames in a row from two parts as from one, where it can', () => {
    const cipher = cipherOf(engine, suite);
    if (cipher.sealFrames === undefined || cipher.openFrames === undefined) return;
    const size = 64;
    const plaintext = Buffer.from(Array.from({ length: 3 * size }, (_, i) => i));
    const frames = Buffer.alloc(3 * (size + 16));
    cipher.sealFrames(7, AAD, size, NONE, plaintext, frames, 0);
    for (let cut = 0; cut < size + 16; cut++) {
      const out = Buffer.alloc(plaintext.length);
      expect(cipher.openFrames(7, AAD, size, frames.subarray(0, cut), frames.subarray(cut), out, 0)).toBe(3);
      expect(out.equals(plaintext)).toBe(true);
      if (cut >= size) continue;
      const again = Buffer.alloc(frames.length);
      cipher.sealFrames(7, AAD, size, plaintext.subarray(0, cut), plaintext.subarray(cut), again, 0);
      expect(again.equals(frames)).toBe(true);
    }
  });
});

const cuts = (bytes: Buffer, size: number): Buffer[] =>
  Array.from({ length: bytes.length / size }, (_, i) => bytes.subarray(i * size, (i + 1) * size));

/** How many frames in a row are opened; what is behind them holds no plaintext. */
function countOpened(cipher: FrameCipher, frames: Buffer, plaintext: Buffer, size: number): number {
  const out = Buffer.alloc(plaintext.length, 0xa5);
  const count = cipher.openFrames!(7, AAD, size, NONE, frames, out, 0);
  expect(out.subarray(0, count * size).equals(plaintext.subarray(0, count * size))).toBe(true);
  for (const rest of cuts(out.subarray(count * size), size)) {
    expect(rest.every((byte) => byte === 0xa5) || rest.every((byte) => byte === 0)).toBe(true);
  }
  return count;
}

function openedBy(call: () => unknown): boolean {
  try {
    return call() !== undefined;
  } catch {
    return false;
  }
}
