import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { S3Failure } from './answer.js';

/** The checksums of S3 by the names of their headers. */
export const ALGORITHMS = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** How the checksum of an object came of the parts. */
export type ChecksumType = 'COMPOSITE' | 'FULL_OBJECT';

/** A checksum of a whole object. */
export interface ObjectChecksum {
  readonly algorithm: Algorithm;
  readonly type: ChecksumType;
  /** In base64; COMPOSITE with the number of parts behind a hyphen. */
  readonly value: string;
}

/** The algorithm that a client names in upper case. */
export function algorithmNamed(name: string | undefined): Algorithm | undefined {
  if (name === undefined) return undefined;
  const found = ALGORITHMS.find((algorithm) => algorithm.toUpperCase() === name.toUpperCase());
  if (found === undefined)
    throw new S3Failure(400, 'InvalidRequest', `Checksum algorithm ${name} is unknown.`);
  return found;
}

/** The checksum of bytes in pieces, in base64. */
export function checksumOf(algorithm: Algorithm, pieces: readonly Uint8Array[]): string {
  return digestOf(algorithm, pieces).toString('base64');
}

/** The checksum of the checksums of the parts. */
export function compositeOf(algorithm: Algorithm, parts: readonly string[]): string {
  return checksumOf(
    algorithm,
    parts.map((part) => Buffer.from(part, 'base64')),
  );
}

function digestOf(algorithm: Algorithm, pieces: readonly Uint8Array[]): Buffer {
  if (algorithm === 'sha1' || algorithm === 'sha256') {
    const hash = createHash(algorithm);
    for (const piece of pieces) hash.update(piece);
    return hash.digest();
  }
  if (algorithm === 'crc64nvme') return crc64(pieces);
  const value = pieces.reduce<number>(
    (sum, piece) => (algorithm === 'crc32' ? crc32(piece, sum) : crc32c(piece, sum)),
    0,
  );
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

const CRC32C_TABLE = Array.from({ length: 256 }, (_, i) => {
  let value = i;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value >>> 0;
});

function crc32c(bytes: Uint8Array, before: number): number {
  let value = ~before >>> 0;
  for (const byte of bytes) value = CRC32C_TABLE[(value ^ byte) & 0xff]! ^ (value >>> 8);
  return ~value >>> 0;
}

const ALL_ONES = 0xffffffffffffffffn;
const CRC64_TABLE = Array.from({ length: 256 }, (_, i) => {
  let value = BigInt(i);
  for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ 0x9a6c9329ac4bc9b5n : value >> 1n;
  return value;
});

function crc64(pieces: readonly Uint8Array[]): Buffer {
  let value = ALL_ONES;
  for (const piece of pieces) {
    for (const byte of piece) value = CRC64_TABLE[Number((value ^ BigInt(byte)) & 0xffn)]! ^ (value >> 8n);
  }
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value ^ ALL_ONES);
  return bytes;
}
