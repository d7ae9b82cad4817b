import { crc32 } from 'node:zlib';
import { u32 } from '../../../src/bytes.js';
import type { Coding } from '../../../src/logs/units/coding.js';
import { CODINGS } from '../../../src/logs/units/coding.js';

/*
 * Compressed bodies by hand, without compression: what a library makes differs from one version to the next.
 */

/** One gzip member (RFC 1952) with one stored block (RFC 1951). */
export function gzipByHand(plain: Uint8Array, flags = 0, extra = Buffer.alloc(0)): Buffer {
  const head = Buffer.from([0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 0xff]);
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(crc32(plain), 0);
  tail.writeUInt32LE(plain.length, 4);
  return Buffer.concat([head, extra, storedBlock(plain), tail]);
}

/** The last block of a deflate stream. */
export function storedBlock(plain: Uint8Array): Buffer {
  const head = Buffer.from([1, 0, 0, 0, 0]);
  head.writeUInt16LE(plain.length, 1);
  head.writeUInt16LE(plain.length ^ 0xffff, 3);
  return Buffer.concat([head, plain]);
}

const MAGIC = Buffer.from('28b52ffd', 'hex');

/** One zstd frame (RFC 8878) with one raw block, whose window is its content of up to 65,791 bytes. */
export function zstdByHand(plain: Uint8Array): Buffer {
  const isShort = plain.length < 256;
  const head = Buffer.alloc(isShort ? 2 : 3);
  head[0] = isShort ? 0x20 : 0x60;
  if (isShort) head[1] = plain.length;
  else head.writeUInt16LE(plain.length - 256, 1);
  return Buffer.concat([MAGIC, head, rawBlock(plain)]);
}

/** The same with a window of 2^(10 + exponent) bytes, and no length. */
export function zstdOfWindow(plain: Uint8Array, exponent: number): Buffer {
  return Buffer.concat([MAGIC, Buffer.from([0, exponent << 3]), rawBlock(plain)]);
}

/** A frame that decoders pass over. */
export const SKIPPABLE = Buffer.from('502a4d1804000000aaaaaaaa', 'hex');

function rawBlock(plain: Uint8Array): Buffer {
  const head = Buffer.alloc(3);
  head.writeUIntLE(1 + plain.length * 8, 0, 3);
  return Buffer.concat([head, plain]);
}

/** A stored unit under another coding, with any body. */
export function recoded(unit: Buffer, coding: Exclude<Coding, 'stored'>, body?: Uint8Array): Buffer {
  const plain = unit.subarray(26);
  const head = Buffer.from(unit.subarray(0, 26));
  head[1] = (head[1]! & 0xf0) | CODINGS.indexOf(coding);
  head.set(u32(plain.length), 22);
  return Buffer.concat([head, body ?? (coding === 'gzip' ? gzipByHand(plain) : zstdByHand(plain))]);
}
