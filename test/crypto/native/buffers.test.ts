import { describe, expect, it } from 'vitest';
import { resizable } from '../../../scripts/fuzz-native/new-buffers.mjs';
import { codeOf } from '../../reference/failure.js';
import { frameCipherClass, nativeCipher, needsAddon, sealedByNode, someBytes } from './addon-here.js';
import { bytesIn, GONE, KINDS, viewOf } from './views.js';

const SUITE = 'AES-256-GCM';
const AAD = Buffer.from('associated data');
const TEXT = someBytes(40);
const FRAME = sealedByNode(SUITE, 0, AAD, TEXT);
const NONE = Buffer.alloc(0);
const REFUSED = 'ERR_SEALPIPE_OPTIONS';

needsAddon();

describe('the addon', () => {
  it.each(KINDS)('takes %s for input, associated data and output', (_, kind) => {
    const cipher = nativeCipher();
    const put = (bytes: Uint8Array): Uint8Array => viewOf(kind, bytes);
    const sealed = kind(FRAME.length);
    cipher.seal(0, put(AAD), put(TEXT), sealed, 0);
    expect(bytesIn(sealed).equals(FRAME)).toBe(true);
    const out = kind(TEXT.length);
    expect(cipher.open(0, put(AAD), put(FRAME), out, 0)).toBe(true);
    expect(bytesIn(out).equals(TEXT)).toBe(true);
    const short = kind(FRAME.length - 1);
    expect(codeOf(() => cipher.seal(0, AAD, TEXT, short, 0))).toBe(REFUSED);
    const key = put(someBytes(32, 7));
    const other = new (frameCipherClass())(SUITE, key, put(someBytes(12, 200)));
    expect(other.open(0, AAD, FRAME, Buffer.alloc(40), 0)).toBe(true);
  });

  it.each(KINDS)('takes %s for the pieces of a frame and their output', (_, kind) => {
    const cipher = nativeCipher();
    const put = (bytes: Uint8Array): Uint8Array => viewOf(kind, bytes);
    const sealed = kind(FRAME.length);
    cipher.startSeal(0, put(AAD));
    cipher.update(put(TEXT), 0, 13, sealed, 0);
    cipher.finishSeal(put(TEXT), 13, 40, sealed, 13);
    expect(bytesIn(sealed).equals(FRAME)).toBe(true);
    const out = kind(TEXT.length);
    cipher.startOpen(0, put(AAD));
    cipher.update(put(FRAME), 0, 29, out, 0);
    expect(codeOf(() => cipher.update(put(FRAME), 29, 57, out, 13))).toBe(REFUSED);
    expect(codeOf(() => cipher.finishOpen(put(FRAME), 29, 56, out, 14))).toBe(REFUSED);
    expect(cipher.finishOpen(put(FRAME), 29, 56, out, 13)).toBe(true);
    expect(bytesIn(out).equals(TEXT)).toBe(true);
  });

  it.each(GONE)('finds nothing in bytes that are %s', (_, kind) => {
    const cipher = nativeCipher();
    const gone = () => kind(64);
    expect(codeOf(() => cipher.seal(0, AAD, TEXT, gone(), 0))).toBe(REFUSED);
    expect(codeOf(() => cipher.open(0, AAD, FRAME, gone(), 0))).toBe(REFUSED);
    expect(codeOf(() => cipher.open(0, AAD, gone(), Buffer.alloc(64), 0))).toBe(REFUSED);
    expect(codeOf(() => cipher.openFrames(0, AAD, 40, NONE, FRAME, gone(), 0))).toBe(REFUSED);
    expect(codeOf(() => new (frameCipherClass())(SUITE, gone(), someBytes(12)))).toBe(REFUSED);
    const out = Buffer.alloc(16);
    cipher.seal(0, gone(), gone(), out, 0);
    expect(out.equals(sealedByNode(SUITE, 0, NONE, NONE))).toBe(true);
  });

  it.each(GONE)('finds no piece of a frame in bytes that are %s, and writes none there', (_, kind) => {
    const cipher = nativeCipher();
    const gone = () => kind(64);
    const out = Buffer.alloc(FRAME.length);
    cipher.startSeal(0, gone());
    cipher.update(gone(), 0, 0, gone(), 0);
    for (const [from, to] of [
      [0, 1],
      [1, 1],
      [0, 64],
      [63, 64],
    ] as const) {
      expect(codeOf(() => cipher.update(gone(), from, to, out, 0))).toBe(REFUSED);
      expect(codeOf(() => cipher.finishSeal(gone(), from, to, out, 0))).toBe(REFUSED);
    }
    expect(codeOf(() => cipher.update(TEXT, 0, 1, gone(), 0))).toBe(REFUSED);
    expect(codeOf(() => cipher.update(TEXT, 0, 0, gone(), 1))).toBe(REFUSED);
    expect(codeOf(() => cipher.finishSeal(gone(), 0, 0, gone(), 0))).toBe(REFUSED);
    cipher.finishSeal(TEXT, 0, 40, out, 0);
    expect(out.equals(sealedByNode(SUITE, 0, NONE, TEXT))).toBe(true);
    cipher.startOpen(0, gone());
    expect(codeOf(() => cipher.update(out, 0, 17, gone(), 0))).toBe(REFUSED);
    cipher.update(out, 0, 16, gone(), 0);
    expect(codeOf(() => cipher.update(out, 16, 17, gone(), 0))).toBe(REFUSED);
    expect(codeOf(() => cipher.update(gone(), 16, 17, out, 0))).toBe(REFUSED);
    expect(cipher.finishOpen(out, 16, 56, Buffer.alloc(40), 0)).toBe(true);
  });

  it('writes to the last byte before memory that cannot be touched, and not beyond', () => {
    const page = 65_536;
    const buffer = resizable(page, 4 * page);
    const out = new Uint8Array(buffer);
    const cipher = nativeCipher();
    cipher.seal(0, AAD, TEXT, out, page - FRAME.length);
    expect(Buffer.from(buffer, page - FRAME.length).equals(FRAME)).toBe(true);
    expect(cipher.open(0, AAD, out.subarray(page - FRAME.length), Buffer.alloc(40), 0)).toBe(true);
    expect(codeOf(() => cipher.seal(0, AAD, TEXT, out, page - FRAME.length + 1))).toBe(REFUSED);
    out.fill(0);
    cipher.startSeal(0, AAD);
    cipher.finishSeal(TEXT, 0, 40, out, page - FRAME.length);
    expect(Buffer.from(buffer, page - FRAME.length).equals(FRAME)).toBe(true);
    cipher.startOpen(0, AAD);
    expect(cipher.finishOpen(out, page - FRAME.length, page, Buffer.alloc(40), 0)).toBe(true);
  });

  it('refuses an output that touches the input in part, or the associated data', () => {
    const cipher = nativeCipher();
    const memory = Buffer.alloc(300, 0xa5);
    const input = memory.subarray(100, 140);
    for (const offset of [61, 99, 101, 139, 45]) {
      expect(codeOf(() => cipher.seal(0, AAD, input, memory, offset))).toBe(REFUSED);
    }
    for (const offset of [44, 100, 140]) {
      expect(() => cipher.seal(0, AAD, input, memory, offset)).not.toThrow();
    }
    memory.fill(0xa5);
    const aad = memory.subarray(10, 20);
    expect(codeOf(() => cipher.seal(0, aad, TEXT, memory, 19))).toBe(REFUSED);
    expect(codeOf(() => cipher.open(0, aad, FRAME, memory, 0))).toBe(REFUSED);
    expect(memory.every((byte) => byte === 0xa5)).toBe(true);
    expect(() => cipher.seal(0, aad, TEXT, memory, 20)).not.toThrow();
  });

  it('refuses an output that touches the piece of a frame that it is made of, even where it is in place', () => {
    const cipher = nativeCipher();
    const memory = Buffer.alloc(300, 0xa5);
    memory.set(TEXT, 100);
    cipher.startSeal(0, AAD);
    for (const offset of [61, 99, 100, 101, 139]) {
      expect(codeOf(() => cipher.update(memory, 100, 140, memory, offset))).toBe(REFUSED);
      expect(codeOf(() => cipher.finishSeal(memory, 100, 140, memory, offset - 16))).toBe(REFUSED);
    }
    expect(memory.subarray(100, 140).equals(TEXT)).toBe(true);
    cipher.update(memory, 100, 120, memory, 80);
    cipher.finishSeal(memory, 120, 140, memory, 140);
    expect(memory.subarray(80, 100).equals(FRAME.subarray(0, 20))).toBe(true);
    expect(memory.subarray(140, 176).equals(FRAME.subarray(20))).toBe(true);
  });

  it('refuses an output that touches the piece of a sealed frame, and not one where what is held back lay', () => {
    const cipher = nativeCipher();
    const memory = Buffer.alloc(300, 0xa5);
    memory.set(FRAME, 100);
    cipher.startOpen(0, AAD);
    cipher.update(memory, 100, 116, memory, 100);
    for (const offset of [97, 115, 116, 117, 135]) {
      expect(codeOf(() => cipher.update(memory, 116, 136, memory, offset))).toBe(REFUSED);
    }
    expect(memory.subarray(100, 156).equals(FRAME)).toBe(true);
    cipher.update(memory, 116, 136, memory, 96);
    expect(cipher.finishOpen(memory, 136, 156, memory, 116)).toBe(true);
    expect(memory.subarray(96, 136).equals(TEXT)).toBe(true);
  });

  it('takes a piece from anywhere in a chunk that is larger than any piece', () => {
    const cipher = nativeCipher();
    const chunk = new Uint8Array(2 ** 30 + 200);
    const from = chunk.length - TEXT.length;
    chunk.set(TEXT, from);
    const out = Buffer.alloc(FRAME.length);
    cipher.startSeal(0, AAD);
    expect(codeOf(() => cipher.update(chunk, 0, chunk.length, chunk, 0))).toBe(REFUSED);
    expect(codeOf(() => cipher.update(chunk, from, chunk.length + 1, out, 0))).toBe(REFUSED);
    cipher.update(chunk, from, from + 30, out, 0);
    cipher.finishSeal(chunk, from + 30, chunk.length, out, 30);
    expect(out.equals(FRAME)).toBe(true);
  });

  it('takes one view for input and associated data', () => {
    const out = Buffer.alloc(56);
    nativeCipher().seal(0, TEXT, TEXT, out, 0);
    expect(out.equals(sealedByNode(SUITE, 0, TEXT, TEXT))).toBe(true);
  });
});
