import type { Cipher } from 'node:crypto';
import { createCipheriv } from 'node:crypto';
import { copyOf, wipe } from '../bytes.js';
import { plainBytes } from '../realms.js';
import { TAG_SIZE } from '../suites.js';
import type { FrameCipher } from './aead.js';
import { nobleCiphers } from './noble/on-demand.js';
import { NonceSequence } from './nonce.js';
import { equalSecrets, NO_KEY } from './secret.js';

/**
 * SM4-GCM of RFC 8998 for an OpenSSL without sm4-gcm: its sm4-ctr and GHASH, combined as NIST SP 800-38D, sections 7.1
 * and 7.2, describes for a nonce of 96 bits. CTR counts over 128 bits and GCM over 32, which is the same
 * for messages below 2^36 bytes.
 */
export class Sm4GcmCipher implements FrameCipher {
  #key: Buffer;
  readonly #hashKey: Buffer;
  readonly #nonces: NonceSequence;

  constructor(key: Uint8Array, baseNonce: Uint8Array) {
    this.#key = copyOf(key);
    this.#hashKey = createCipheriv('sm4-ecb', this.#key, null).update(Buffer.alloc(16));
    this.#nonces = new NonceSequence(baseNonce);
  }

  seal(index: number, aad: Uint8Array, plaintext: Uint8Array, out: Uint8Array, offset: number): void {
    const { cipher, mask } = this.#start(index);
    out.set(cipher.update(plaintext), offset);
    const end = offset + plaintext.length;
    out.set(this.#tag(aad, out.subarray(offset, end), mask), end);
  }

  open(index: number, aad: Uint8Array, sealed: Uint8Array, out: Uint8Array, offset: number): boolean {
    const length = sealed.length - TAG_SIZE;
    const ciphertext = sealed.subarray(0, length);
    const { cipher, mask } = this.#start(index);
    if (!equalSecrets(this.#tag(aad, ciphertext, mask), sealed.subarray(length))) return false;
    out.set(cipher.update(ciphertext), offset);
    return true;
  }

  wipe(): void {
    wipe(this.#key, this.#hashKey);
    this.#key = NO_KEY;
  }

  /** The key stream from block 2 on, and block 1, which masks the tag. */
  #start(index: number): { cipher: Cipher; mask: Buffer } {
    const counter = Buffer.alloc(16);
    counter.set(this.#nonces.at(index));
    counter[15] = 1;
    const cipher = createCipheriv('sm4-ctr', this.#key, counter);
    return { cipher, mask: cipher.update(Buffer.alloc(TAG_SIZE)) };
  }

  #tag(aad: Uint8Array, ciphertext: Uint8Array, mask: Uint8Array): Uint8Array {
    const lengths = Buffer.alloc(16);
    lengths.writeBigUInt64BE(BigInt(aad.length) * 8n, 0);
    lengths.writeBigUInt64BE(BigInt(ciphertext.length) * 8n, 8);
    // Each update is zero-padded to a whole block, as GCM requires.
    const hash = nobleCiphers().ghash.create(plainBytes(this.#hashKey), ciphertext.length + aad.length + 16);
    for (const part of [aad, ciphertext, lengths]) hash.update(plainBytes(part));
    const tag = hash.digest();
    hash.destroy();
    for (let i = 0; i < TAG_SIZE; i++) tag[i]! ^= mask[i]!;
    return tag;
  }
}
