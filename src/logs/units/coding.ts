import * as zlib from 'node:zlib';
import { SealpipeError } from '../../errors.js';
import { illegal } from './unit-faults.js';
import { LEAST_COMPRESSED, MAX_PLAIN } from './unit-limits.js';
import { zstdFrameSize } from './zstd-frame.js';

/** How the body of a unit is stored. */
export type Coding = 'stored' | 'gzip' | 'zstd';

/** How a writer compresses. */
export interface Compression {
  readonly coding: Exclude<Coding, 'stored'>;
  /** In the scale of zlib or zstd. */
  readonly level: number;
}

/** In the order of their codes in the head of a unit. */
export const CODINGS: readonly Coding[] = ['stored', 'gzip', 'zstd'];

/** The functions of `node:zlib` from Node 22.15 and 23.8 on. */
interface Zstd {
  zstdCompressSync(bytes: Uint8Array, options: object): Buffer;
  zstdDecompressSync(bytes: Uint8Array, options: object): Inflated;
  readonly constants: { readonly ZSTD_c_compressionLevel: number; readonly ZSTD_d_windowLogMax: number };
}

/** The result with `info: true`, which the types of Node lack. */
interface Inflated {
  readonly buffer: Buffer;
  /** `bytesWritten`: how much of the input was consumed. */
  readonly engine: { readonly bytesWritten: number };
}

const zstd: Zstd | undefined =
  'zstdDecompressSync' in zlib && typeof zlib.zstdDecompressSync === 'function'
    ? (zlib as unknown as Zstd)
    : undefined;

/** RFC 1952, 2.3: magic, deflate, and no optional field. */
const GZIP_HEAD = Buffer.from('1f8b0800', 'hex');
const GZIP_HEAD_SIZE = 10;
/** CRC-32 and length, both little-endian. */
const GZIP_TAIL_SIZE = 8;
/** RFC 8878, 3.1.1. Skippable frames begin differently. */
const ZSTD_MAGIC = Buffer.from('28b52ffd', 'hex');
/** 8 MiB, which RFC 8878 recommends every decoder to support: the most memory that a frame may claim. */
const ZSTD_WINDOW_LOG = 23;

/** The minimum of zlib. */
const LEAST_CHUNK = 64;

/** Whether this Node has zstd. */
export const hasZstd: boolean = zstd !== undefined;

/** @throws SealpipeError `ERR_SEALPIPE_UNSUPPORTED` if this Node cannot decompress it */
export function assertDecompressible(coding: Coding): void {
  if (coding === 'zstd' && zstd === undefined) {
    throw new SealpipeError(
      'ERR_SEALPIPE_UNSUPPORTED',
      `The log archive is compressed with zstd, which Node ${process.versions.node} does not have`,
      { hint: 'Read it with Node 22.15 or later; to write archives that Node 20 can read: --compress gzip' },
    );
  }
}

/**
 * Compresses a body if that makes it shorter.
 *
 * @returns the coding that was used, and the encoded body
 */
export function compressBody(
  plain: Uint8Array,
  compression: Compression | undefined,
): { readonly coding: Coding; readonly body: Uint8Array } {
  if (compression === undefined || plain.length < LEAST_COMPRESSED) return { coding: 'stored', body: plain };
  const body = compressed(plain, compression);
  return body.length < plain.length
    ? { coding: compression.coding, body }
    : { coding: 'stored', body: plain };
}

function compressed(plain: Uint8Array, { coding, level }: Compression): Buffer {
  if (coding === 'gzip') return zlib.gzipSync(plain, { level });
  assertDecompressible(coding);
  return zstd!.zstdCompressSync(plain, { params: { [zstd!.constants.ZSTD_c_compressionLevel]: level } });
}

/**
 * Decompresses a body. It must be exactly one gzip member or zstd frame and give exactly `length` bytes. No more memory
 * is allocated, however long the output would be.
 *
 * @param length 1 to 1,048,576
 * @throws SealpipeError `ERR_SEALPIPE_FORMAT`, or `_UNSUPPORTED` if this Node lacks zstd
 */
export function decompressBody(coding: Coding, body: Uint8Array, length: number): Uint8Array {
  if (length > MAX_PLAIN) throw illegal('a body of more than 1 MiB');
  if (coding === 'stored') {
    if (body.length !== length) throw illegal('a stored body is not as long as its head says');
    return body;
  }
  assertDecompressible(coding);
  const plain = coding === 'gzip' ? gunzipped(body, length) : unzstd(body, length);
  if (plain?.length !== length) throw illegal('a body does not decompress to what its head says');
  return plain;
}

/** Only the deflate stream goes to zlib: its gunzip would join members and skip zeros after them. */
function gunzipped(body: Uint8Array, length: number): Buffer | undefined {
  const end = body.length - GZIP_TAIL_SIZE;
  if (end < GZIP_HEAD_SIZE || !begins(body, GZIP_HEAD)) return undefined;
  const plain = whole(body.subarray(GZIP_HEAD_SIZE, end), (deflated) =>
    zlib.inflateRawSync(deflated, { ...outputOf(length), info: true }),
  );
  if (plain === undefined) return undefined;
  const tail = Buffer.from(body.buffer, body.byteOffset + end, GZIP_TAIL_SIZE);
  const isRight = tail.readUInt32LE(4) === plain.length && tail.readUInt32LE(0) === zlib.crc32(plain);
  return isRight ? plain : undefined;
}

function unzstd(body: Uint8Array, length: number): Buffer | undefined {
  if (!begins(body, ZSTD_MAGIC) || zstdFrameSize(body) !== body.length) return undefined;
  const { ZSTD_d_windowLogMax } = zstd!.constants;
  return whole(body, (frame) =>
    zstd!.zstdDecompressSync(frame, {
      ...outputOf(length),
      params: { [ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG },
      info: true,
    }),
  );
}

/** One piece of output, with space to detect more: the default pieces of 16 KiB take twice the time. */
function outputOf(length: number): { readonly maxOutputLength: number; readonly chunkSize: number } {
  return { maxOutputLength: length, chunkSize: Math.max(LEAST_CHUNK, length + 1) };
}

/** The output if all of the input was used, otherwise nothing: Node does not report unused input. */
function whole(input: Uint8Array, inflate: (input: Uint8Array) => unknown): Buffer | undefined {
  let answer: Inflated;
  try {
    answer = inflate(input) as Inflated;
  } catch {
    return undefined;
  }
  return answer.engine.bytesWritten === input.length ? answer.buffer : undefined;
}

function begins(bytes: Uint8Array, with_: Uint8Array): boolean {
  return bytes.length >= with_.length && Buffer.compare(bytes.subarray(0, with_.length), with_) === 0;
}
