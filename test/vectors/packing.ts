import { text } from './material.js';

/*
 * MessagePack by hand: legal by default, and anything else that a vector wants. Every function gives the bytes of one
 * value; `hex` gives any bytes at all.
 */

export type Bytes = Uint8Array;
/** A string, or bytes that stand for one and need not be UTF-8. */
export type Text = string | Bytes;
export type Pair = readonly [key: Text, value: Bytes];

export const NIL = Buffer.from([0xc0]);
export const FALSE = Buffer.from([0xc2]);
export const TRUE = Buffer.from([0xc3]);

export function hex(digits: string): Buffer {
  return Buffer.from(digits.replaceAll(' ', ''), 'hex');
}

/** The head byte, and a number of `width` bytes. */
export function head(first: number, width: number, number: number | bigint): Buffer {
  const digits = BigInt(number)
    .toString(16)
    .padStart(2 * width, '0');
  return Buffer.concat([Buffer.from([first]), Buffer.from(digits, 'hex')]);
}

export function uint(number: number): Buffer {
  if (number < 0x80) return Buffer.from([number]);
  if (number < 2 ** 8) return head(0xcc, 1, number);
  if (number < 2 ** 16) return head(0xcd, 2, number);
  return number < 2 ** 32 ? head(0xce, 4, number) : head(0xcf, 8, number);
}

export function str(value: Text): Buffer {
  const content = text(value);
  const { length } = content;
  if (length < 32) return Buffer.concat([Buffer.from([0xa0 + length]), content]);
  return Buffer.concat([length < 2 ** 8 ? head(0xd9, 1, length) : head(0xda, 2, length), content]);
}

export function bin(content: Bytes): Buffer {
  const { length } = content;
  return Buffer.concat([length < 2 ** 8 ? head(0xc4, 1, length) : head(0xc5, 2, length), content]);
}

/** Zeros that bring `bare`, with their own head and the key `pad`, to a multiple of 1,024 bytes; undefined: none are needed. */
export function padFor(bare: number): Buffer | undefined {
  if (bare % 1_024 === 0) return undefined;
  for (let size = 0; ; size++) {
    const pad = bin(Buffer.alloc(size));
    if ((bare + str('pad').length + pad.length) % 1_024 === 0) return pad;
  }
}

export function array(...items: readonly Bytes[]): Buffer {
  const { length } = items;
  return Buffer.concat([length < 16 ? Buffer.from([0x90 + length]) : head(0xdc, 2, length), ...items]);
}

export function map(...pairs: readonly Pair[]): Buffer {
  const { length } = pairs;
  const first = length < 16 ? Buffer.from([0x80 + length]) : head(0xde, 2, length);
  return Buffer.concat([first, ...pairs.flatMap(([key, value]) => [str(key), value])]);
}

/** `depth` arrays, each the only item of the one around it. */
export function nested(depth: number): Buffer {
  return depth === 0 ? uint(0) : array(nested(depth - 1));
}
