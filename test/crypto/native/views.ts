import { growable, resizable, webAssemblyMemory } from '../../../scripts/fuzz-native/new-buffers.mjs';

class OwnBytes extends Uint8Array {}
class Liar extends Uint8Array {
  override get length(): number {
    return 1_000_000;
  }
  override get byteLength(): number {
    return 1_000_000;
  }
}

/** Makes a view of some kind that holds `size` bytes. */
export type Kind = (size: number) => Uint8Array;

/** Views of all kinds. */
export const KINDS: readonly [string, Kind][] = [
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

/** Views that held `size` bytes and have none left. */
export const GONE: readonly [string, Kind][] = [
  ['detached', (size) => detached(size)],
  ['left out of bounds by a buffer that shrank', (size) => outOfBounds(size)],
  ['of a buffer that shrank to nothing', (size) => resized(size, 0)],
];

/** A view of a kind that holds `bytes`. */
export function viewOf(kind: Kind, bytes: Uint8Array): Uint8Array {
  const view = kind(bytes.length);
  Uint8Array.prototype.set.call(view, bytes);
  return view;
}

/** What a view holds, whatever its class says. */
export function bytesIn(view: Uint8Array): Buffer {
  return Buffer.from([...Uint8Array.prototype.values.call(view)]);
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
