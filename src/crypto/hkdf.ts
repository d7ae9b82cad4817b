import { createHmac, createSecretKey } from 'node:crypto';
import { ownMemory, wipe } from '../bytes.js';

const HASH = 'sha512';
const HASH_SIZE = 64;

/*
 * HKDF of RFC 5869 over HMAC. node:crypto's own hkdf refuses an `info` of more than 1,024 bytes, and FORMAT 2
 * allows key names of 2,048.
 */

/** HKDF-Extract with SHA-512. @returns a pseudorandom key of 64 bytes: the caller wipes it */
export function hkdfExtract(salt: Uint8Array, keyMaterial: Uint8Array): Buffer {
  // In Node 24, checking that a buffer is not a KeyObject takes longer than all the rest. The salt is not secret. A
  // secret stays a buffer, because its copy in a KeyObject would remain until it is collected.
  return createHmac(HASH, createSecretKey(salt)).update(keyMaterial).digest();
}

/** HKDF-Expand with SHA-512. @returns `length` bytes that belong to the caller, who wipes them */
export function hkdfExpand(pseudorandomKey: Uint8Array, info: Uint8Array, length: number): Buffer {
  if (length > 255 * HASH_SIZE) throw new RangeError('HKDF gives at most 255 blocks');
  const output = ownMemory(length);
  let block: Buffer = Buffer.alloc(0);
  for (let i = 0, offset = 0; offset < length; i++, offset += HASH_SIZE) {
    const next = createHmac(HASH, pseudorandomKey)
      .update(block)
      .update(info)
      .update(Uint8Array.of(i + 1))
      .digest();
    wipe(block);
    block = next;
    output.set(block.subarray(0, length - offset), offset);
  }
  wipe(block);
  return output;
}

/** HKDF with SHA-512, RFC 5869. @returns `length` bytes that belong to the caller, who wipes them */
export function hkdf(keyMaterial: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Buffer {
  const pseudorandomKey = hkdfExtract(salt, keyMaterial);
  try {
    return hkdfExpand(pseudorandomKey, info, length);
  } finally {
    wipe(pseudorandomKey);
  }
}
