import { seed } from './material.js';

/** One byte at a time. */
export function* byteByByte(bytes: Uint8Array): Generator<Uint8Array> {
  for (let i = 0; i < bytes.length; i++) yield bytes.subarray(i, i + 1);
}

/** Pieces of `size` bytes, and a rest. */
export function* inPieces(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

/** Pieces of all sizes, some of them empty; the same ones for the same label. */
export function* atRandom(bytes: Uint8Array, label: string): Generator<Uint8Array> {
  const next = randomFrom(seed(`splits of ${label}`).readUInt32BE());
  for (let start = 0; start < bytes.length; ) {
    // Sizes of every order of magnitude are equally likely.
    const size = Math.floor(2 ** (next() * 14)) - 1;
    yield bytes.subarray(start, start + size);
    start += size;
  }
}

/** Numbers from 0 up to 1, the same ones for the same start (mulberry32). */
export function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
