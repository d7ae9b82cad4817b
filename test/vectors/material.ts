import { createHash } from 'node:crypto';

/** What vectors are made from: everything follows from a label, so that making them again gives the same bytes. */
export function seed(label: string): Buffer {
  return createHash('sha256').update(`sealpipe vectors: ${label}`).digest();
}

/** `length` bytes that follow from a label. */
export function material(label: string, length: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) => seed(`${label}, block ${i}`));
  return Buffer.concat(blocks).subarray(0, length);
}

/** The key that the readers of the vectors hold, unless a vector says otherwise. */
export const WRAPPING_KEY = seed('wrapping key');
export const KEY_NAME = 'vectors';
/** 2026-01-01T00:00:00Z. */
export const CREATED = 1_767_225_600;

/** The bytes of a string; bytes stand for themselves. */
export function text(value: string | Uint8Array): Buffer {
  return Buffer.from(value as string);
}
