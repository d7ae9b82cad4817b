import type { CipherGCM, CipherGCMTypes } from 'node:crypto';
import { createCipheriv, createDecipheriv, getCiphers } from 'node:crypto';
import { copyOf, wipe } from '../bytes.js';
import type { SuiteName } from '../suites.js';
import { TAG_SIZE } from '../suites.js';
import type { DetachedFrame, Engine, FrameCipher } from './aead.js';
import { NonceSequence } from './nonce.js';
import { NO_KEY } from './secret.js';
import { Sm4GcmCipher } from './sm4-gcm.js';

/** OpenSSL's names. Node 26.9 and later have the last two. */
const NAMES: Readonly<Record<SuiteName, string>> = {
  'AES-256-GCM': 'aes-256-gcm',
  'AES-128-GCM': 'aes-128-gcm',
  'CHACHA20-POLY1305': 'chacha20-poly1305',
  'AES-256-GCM-SIV': 'aes-256-gcm-siv',
  'SM4-GCM': 'sm4-gcm',
};
const OPTIONS = { authTagLength: TAG_SIZE } as const;

/** The engine over node:crypto. */
export const nodeEngine: Engine = {
  name: 'node',
  missing(suite) {
    if (has(NAMES[suite]) || (suite === 'SM4-GCM' && has('sm4-ctr') && has('sm4-ecb'))) return undefined;
    return `the OpenSSL inside this Node has no ${NAMES[suite]}`;
  },
  create(suite, key, baseNonce) {
    if (suite === 'SM4-GCM' && !has(NAMES[suite])) return new Sm4GcmCipher(key, baseNonce);
    return new NodeFrameCipher(NAMES[suite], key, baseNonce);
  },
};

let ciphers: ReadonlySet<string> | undefined;

function has(cipher: string): boolean {
  ciphers ??= new Set(getCiphers());
  return ciphers.has(cipher);
}

class NodeFrameCipher implements FrameCipher {
  // One type for all of them, because the ciphers that node:crypto has types for share their AEAD methods.
  readonly #name: CipherGCMTypes;
  #key: Buffer;
  readonly #nonces: NonceSequence;

  constructor(name: string, key: Uint8Array, baseNonce: Uint8Array) {
    this.#name = name as CipherGCMTypes;
    this.#key = copyOf(key);
    this.#nonces = new NonceSequence(baseNonce);
  }

  seal(index: number, aad: Uint8Array, plaintext: Uint8Array, out: Uint8Array, offset: number): void {
    const { ciphertext, tag } = this.sealDetached(index, aad, plaintext);
    out.set(ciphertext, offset);
    out.set(tag, offset + plaintext.length);
  }

  open(index: number, aad: Uint8Array, sealed: Uint8Array, out: Uint8Array, offset: number): boolean {
    const plaintext = this.openDetached(index, aad, sealed);
    if (plaintext === undefined) return false;
    out.set(plaintext, offset);
    return true;
  }

  sealDetached(index: number, aad: Uint8Array, plaintext: Uint8Array): DetachedFrame {
    const cipher: CipherGCM = createCipheriv(this.#name, this.#key, this.#nonces.at(index), OPTIONS);
    cipher.setAAD(aad, { plaintextLength: plaintext.length });
    const ciphertext = cipher.update(plaintext);
    cipher.final();
    return { ciphertext, tag: cipher.getAuthTag() };
  }

  openDetached(index: number, aad: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
    const length = sealed.length - TAG_SIZE;
    const decipher = createDecipheriv(this.#name, this.#key, this.#nonces.at(index), OPTIONS);
    decipher.setAAD(aad, { plaintextLength: length });
    decipher.setAuthTag(sealed.subarray(length));
    let plaintext: Buffer | undefined;
    try {
      plaintext = decipher.update(sealed.subarray(0, length));
      decipher.final();
      return plaintext;
    } catch {
      wipe(plaintext);
      return undefined;
    }
  }

  wipe(): void {
    wipe(this.#key);
    this.#key = NO_KEY;
  }
}
