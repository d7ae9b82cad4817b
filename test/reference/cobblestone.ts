import { inflateSync } from 'node:zlib';
import type { FrameCipher } from '../../src/crypto/aead.js';
import { pickEngine } from '../../src/crypto/engines.js';
import { hkdfExpand } from '../../src/crypto/hkdf.js';
import { equalSecrets } from '../../src/crypto/secret.js';
import { FrameOpener } from '../../src/frames/opener.js';

/*
 * C2SP chunked-encryption, "Cobblestone": salt(24) ‖ commitment(32) ‖ frames of our fixed layout, F = 16,384, no AAD.
 *
 *   key ‖ base nonce ‖ commitment = HKDF-Expand(input key, "c2sp.org/chunked-encryption@v1+" ‖ AEAD name ‖ 00 ‖ salt ‖ context)
 */

export interface CobblestoneTest {
  readonly tcId: number;
  readonly comment: string;
  readonly key: string;
  readonly ctx: string;
  /** Deflated by zlib, then hex. */
  readonly ct: string;
  /** Absent where the stream must be refused before its first frame. */
  readonly aeadKey?: string;
  readonly baseNonce?: string;
  readonly msgLength?: number;
  readonly msgSha512?: string;
  readonly result: 'valid' | 'invalid';
  readonly flags: readonly string[];
}

export interface CobblestoneGroup {
  readonly aead: 'AEAD_AES_128_GCM' | 'AEAD_AES_256_GCM';
  readonly sha: string;
  readonly tests: readonly CobblestoneTest[];
}

const FRAME_SIZE = 16_384;
const SALT_SIZE = 24;
const PREAMBLE_SIZE = 56;
const NONCE_SIZE = 12;
const SUITES = { AEAD_AES_128_GCM: ['AES-128-GCM', 16], AEAD_AES_256_GCM: ['AES-256-GCM', 32] } as const;

/** What a reader did with a stream. */
export interface CobblestoneOutcome {
  readonly plaintext: Buffer;
  /** How it ended: whole, at the head, or with the code of our frames. */
  readonly end: string;
}

export function sealedBytes({ ct }: CobblestoneTest): Buffer {
  return inflateSync(Buffer.from(ct, 'hex'));
}

/** Derives the keys of a stream, and opens it in chunks of a size. */
export function openCobblestone(
  { aead }: CobblestoneGroup,
  test: CobblestoneTest,
  chunkSize: number,
): CobblestoneOutcome {
  const sealed = sealedBytes(test);
  const [suite, keySize] = SUITES[aead];
  const inputKey = Buffer.from(test.key, 'hex');
  const atHead = { plaintext: Buffer.alloc(0), end: 'refused at the head' };
  if (sealed.length < PREAMBLE_SIZE || inputKey.length !== keySize) return atHead;
  const info = Buffer.concat([
    Buffer.from(`c2sp.org/chunked-encryption@v1+${aead}\0`),
    sealed.subarray(0, SALT_SIZE),
    Buffer.from(test.ctx, 'hex'),
  ]);
  const material = hkdfExpand(inputKey, info, keySize + NONCE_SIZE + 32);
  if (!equalSecrets(material.subarray(keySize + NONCE_SIZE), sealed.subarray(SALT_SIZE, PREAMBLE_SIZE)))
    return atHead;
  const nonce = material.subarray(keySize, keySize + NONCE_SIZE);
  const cipher = pickEngine(suite).create(suite, material.subarray(0, keySize), nonce);
  return openFrames(cipher, sealed.subarray(PREAMBLE_SIZE), chunkSize);
}

/** Raw mode: the key and the base nonce are given, and there is no head. */
export function openRaw(
  { aead }: CobblestoneGroup,
  test: CobblestoneTest,
  chunkSize: number,
): CobblestoneOutcome {
  const [suite] = SUITES[aead];
  const [key, nonce] = [Buffer.from(test.aeadKey!, 'hex'), Buffer.from(test.baseNonce!, 'hex')];
  return openFrames(
    pickEngine(suite).create(suite, key, nonce),
    sealedBytes(test).subarray(PREAMBLE_SIZE),
    chunkSize,
  );
}

function openFrames(cipher: FrameCipher, frames: Uint8Array, chunkSize: number): CobblestoneOutcome {
  const released: Uint8Array[] = [];
  const layout = { layout: 'fixed', frameSize: FRAME_SIZE, aad: new Uint8Array(0) } as const;
  const opener = new FrameOpener(cipher, layout, (bytes) => released.push(bytes));
  let end = 'whole';
  try {
    for (let at = 0; at < frames.length; at += chunkSize) opener.write(frames.subarray(at, at + chunkSize));
    opener.finish();
  } catch (error) {
    end = String((error as { code?: string }).code);
  }
  return { plaintext: Buffer.concat(released), end };
}
