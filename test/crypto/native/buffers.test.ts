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

  it('writes to the last byte before memory that cannot be touched, and not beyond', () => {
    const page = 65_536;
    const buffer = resizable(page, 4 * page);
    const out = new Uint8Array(buffer);
    const cipher = nativeCipher();
    cipher.seal(0, AAD, TEXT, out, page - FRAME.length);
    expect(Buffer.from(buffer, page - FRAME.length).equals(FRAME)).toBe(true);
    expect(cipher.open(0, AAD, out.subarray(page - FRAME.length), Buffer.alloc(40), 0)).toBe(true);
    expect(codeOf(() => cipher.seal(0, AAD, TEXT, out, page - FRAME.length + 1))).toBe(REFUSED);
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
