import type { Coding } from '../../../src/logs/units/coding.js';
import { decodeUnit } from '../../../src/logs/units/unit.js';

export const FORMAT = 'ERR_SEALPIPE_FORMAT';
export const UNSUPPORTED = 'ERR_SEALPIPE_UNSUPPORTED';

/** The code that a unit is refused with, or `read`. */
export function codeOf(bytes: Uint8Array, announced: Coding = 'zstd'): unknown {
  try {
    decodeUnit(bytes, announced);
    return 'read';
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

/** The bytes with some of them put in the place of others. */
export function altered(unit: Buffer, at: number, ...bytes: number[]): Buffer {
  const copy = Buffer.from(unit);
  copy.set(bytes, at);
  return copy;
}
