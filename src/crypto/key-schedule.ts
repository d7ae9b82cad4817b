import { createHash } from 'node:crypto';
import { wipe } from '../bytes.js';
import type { Suite } from '../suites.js';
import { COMMITMENT_SIZE } from '../suites.js';
import { hkdfExpand, hkdfExtract } from './hkdf.js';

/** Inputs besides the data key from which the keys of a stream are derived (FORMAT 5). */
export interface KeyScheduleInput {
  readonly suite: Suite;
  /** 32 bytes. */
  readonly salt: Uint8Array;
  /** Bytes 8 to 11 of the prologue: version, suite, frame size and layout. */
  readonly parameters: Uint8Array;
  readonly boundBytes: Uint8Array;
  /** SHA-256 of the canonical encryption context. */
  readonly contextDigest: Uint8Array;
}

/** The keys of one stream. `frameKey` and `baseNonce` are secrets: the caller wipes them. */
export interface StreamKeys {
  readonly commitment: Uint8Array;
  readonly frameKey: Uint8Array;
  readonly baseNonce: Uint8Array;
}

const PREFIX = Buffer.from('sealpipe/1\0', 'ascii');
const COMMITMENT = Buffer.from('commitment', 'ascii');
const FRAMES = Buffer.from('frames', 'ascii');
const CLAIM = Buffer.from('claim', 'ascii');
const CLAIM_KEY_SIZE = 32;

export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** Derives commitment, frame key and base nonce of a stream (FORMAT 5). The data key is only read. */
export function deriveStreamKeys(dataKey: Uint8Array, input: KeyScheduleInput): StreamKeys {
  const { keySize, nonceSize } = input.suite;
  const info = infoOf(input);
  const pseudorandomKey = hkdfExtract(input.salt, dataKey);
  try {
    const commitment = hkdfExpand(pseudorandomKey, Buffer.concat([info, COMMITMENT]), COMMITMENT_SIZE);
    const material = hkdfExpand(pseudorandomKey, Buffer.concat([info, FRAMES]), keySize + nonceSize);
    return { commitment, frameKey: material.subarray(0, keySize), baseNonce: material.subarray(keySize) };
  } finally {
    wipe(pseudorandomKey);
  }
}

/**
 * Derives the key of claims (FORMAT 5), which writers that resume or share a stream use outside of it. The data key is
 * only read.
 *
 * @returns a buffer that the caller wipes
 */
export function deriveClaimKey(dataKey: Uint8Array, input: KeyScheduleInput): Buffer {
  const pseudorandomKey = hkdfExtract(input.salt, dataKey);
  try {
    return hkdfExpand(pseudorandomKey, Buffer.concat([infoOf(input), CLAIM]), CLAIM_KEY_SIZE);
  } finally {
    wipe(pseudorandomKey);
  }
}

function infoOf({ parameters, boundBytes, contextDigest }: KeyScheduleInput): Buffer {
  return Buffer.concat([PREFIX, parameters, sha256(boundBytes), contextDigest]);
}
