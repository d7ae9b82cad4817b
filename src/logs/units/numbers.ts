import { readU32, writeU32 } from '../../bytes.js';
import { MAX_NUMBER } from './unit-limits.js';

/** Writes a whole number of up to 2^53 - 1 as eight big-endian bytes. */
export function writeU64(bytes: Uint8Array, offset: number, value: number): void {
  writeU32(bytes, offset, Math.floor(value / 0x1_0000_0000));
  writeU32(bytes, offset + 4, value % 0x1_0000_0000);
}

/** Reads eight big-endian bytes; undefined for more than 2^53 - 1. */
export function readU64(bytes: Uint8Array, offset: number): number | undefined {
  const value = readU32(bytes, offset) * 0x1_0000_0000 + readU32(bytes, offset + 4);
  // Above 2^53 the sum may be rounded, but never to 2^53 - 1 or less.
  return value <= MAX_NUMBER ? value : undefined;
}
