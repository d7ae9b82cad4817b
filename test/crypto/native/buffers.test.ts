import { describe, expect, it } from 'vitest';
import { growable, resizable, webAssemblyMemory } from '../../../scripts/fuzz-native/new-buffers.mjs';
import { codeOf } from '../../reference/failure.js';
import { frameCipherClass, nativeCipher, needsAddon, sealedByNode, someBytes } from './addon-here.js';

const SUITE = 'AES-256-GCM';
const AAD = Buffer.from('associated data');
const TEXT = someBytes(40);
const FRAME = sealedByNode(SUITE, 0, AAD, TEXT);
const REFUSED = 'ERR_SEALPIPE_OPTIONS';

class OwnBytes extends Uint8Array {}
class Liar extends Uint8Array {
  override get length(): number {
    return 1_000_000;
  }
  override get byteLength(): number {
    return 1_000_000;
  }
}

needsAddon();

/** Views of all kinds that hold `size` bytes. */
const KINDS: readonly [string, (size: number) => Uint8Array][] = [
  ['small bytes that V8 keeps in its heap', (size) => new Uint8Array(size)],
  ['a Buffer of the pool', (size) => Buffer.from('.'.repeat(size))],
  ['a class that extends Uint8Array', (size) => new OwnBytes(size)],
  ['a class that lies about its length', (size) => new Liar(size)],
  ['bytes without a prototype', (size) => Object.setPrototypeOf(new Uint8Array(size), null)],
  ['a SharedArrayBuffer', (size) => new Uint8Array(new SharedArrayBuffer(size + 5), 5, size)],
  ['a SharedArrayBuffer that grew', (size) => grown(size)],
  ['a resizable ArrayBuffer, tracked, that shrank', (size) => resized(size + 30, size)],
  ['a resizable ArrayBuffer, tracked, that grew', (size) => resized(1, size)],
  ['the memory of WebAssembly', (size) => wasm(size)],
];

describe('the addon', () => {
  it.each(KINDS)('takes %s for input, associated data and output', (_, kind) => {
    const cipher = nativeCipher();
    const put = (bytes: Uint8Array): Uint8Array => {
      const view = kind(bytes.length);
      Uint8Array.prototype.set.call(view, bytes);
      return view;
    };
    const sealed = kind(FRAME.length);
    cipher.seal(0, put(AAD), put(TEXT), sealed, 0);
    expect(Buffer.compare(Buffer.from(Array.from(values(sealed))), FRAME)).toBe(0);
    const out = kind(TEXT.length);
    expect(cipher.open(0, put(AAD), put(FRAME), out, 0)).toBe(true);
    expect([...values(out)]).toEqual([...TEXT]);
    const short = kind(FRAME.length - 1);
    expect(codeOf(() => cipher.seal(0, AAD, TEXT, short, 0))).toBe(REFUSED);
    const key = put(someBytes(32, 7));
    const other = new (frameCipherClass())(SUITE, key, put(someBytes(12, 200)));
    expect(other.open(0, AAD, FRAME, Buffer.alloc(40), 0)).toBe(true);
  });

  it.each<[string, () => Uint8Array]>([
    ['detached', () => detached(64)],
    ['left out of bounds by a buffer that shrank', () => outOfBounds(64)],
  ])('finds nothing in bytes that are %s', (_, gone) => {
    const cipher = nativeCipher();
    expect(codeOf(() => cipher.seal(0, AAD, TEXT, gone(), 0))).toBe(REFUSED);
    expect(codeOf(() => cipher.open(0, AAD, FRAME, gone(), 0))).toBe(REFUSED);
    expect(codeOf(() => cipher.open(0, AAD, gone(), Buffer.alloc(64), 0))).toBe(REFUSED);
    expect(codeOf(() => cipher.openFrames(0, AAD, 40, FRAME, gone(), 0))).toBe(REFUSED);
    expect(codeOf(() => new (frameCipherClass())(SUITE, gone(), someBytes(12)))).toBe(REFUSED);
    const out = Buffer.alloc(16);
    cipher.seal(0, gone(), gone(), out, 0);
    expect(out.equals(sealedByNode(SUITE, 0, Buffer.alloc(0), Buffer.alloc(0)))).toBe(true);
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

  it('refuses several frames in place', () => {
    const memory = Buffer.alloc(300);
    const cipher = nativeCipher();
    expect(codeOf(() => cipher.sealFrames(0, AAD, 20, memory.subarray(0, 40), memory, 0))).toBe(REFUSED);
    expect(codeOf(() => cipher.openFrames(0, AAD, 20, memory.subarray(0, 72), memory, 0))).toBe(REFUSED);
  });

  it('takes one view for input and associated data', () => {
    const out = Buffer.alloc(56);
    nativeCipher().seal(0, TEXT, TEXT, out, 0);
    expect(out.equals(sealedByNode(SUITE, 0, TEXT, TEXT))).toBe(true);
  });
});

function values(view: Uint8Array): IterableIterator<number> {
  return Uint8Array.prototype.values.call(view);
}

function detached(size: number): Uint8Array {
  const view = new Uint8Array(size);
  structuredClone(view.buffer, { transfer: [view.buffer] });
  return view;
}

function outOfBounds(size: number): Uint8Array {
  const buffer = resizable(size + 10, size + 10);
  const view = new Uint8Array(buffer, 10, size);
  buffer.resize(9);
  return view;
}

function resized(from: number, to: number): Uint8Array {
  const buffer = resizable(from, Math.max(from, to));
  const view = new Uint8Array(buffer);
  buffer.resize(to);
  return view;
}

function grown(size: number): Uint8Array {
  const buffer = growable(1, size + 1);
  const view = new Uint8Array(buffer, 1);
  buffer.grow(size + 1);
  return view;
}

function wasm(size: number): Uint8Array {
  const buffer = webAssemblyMemory(1);
  return new Uint8Array(buffer, buffer.byteLength - size, size);
}
