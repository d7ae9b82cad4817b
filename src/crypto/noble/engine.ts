import { copyOf, wipe } from '../../bytes.js';
import { plainBytes } from '../../realms.js';
import type { SuiteName } from '../../suites.js';
import type { Engine, FrameCipher } from '../aead.js';
import { NonceSequence } from '../nonce.js';
import { NO_KEY } from '../secret.js';
import type { NobleCiphers } from './ciphers.js';
import { nobleCiphers } from './on-demand.js';

interface OneShot {
  encrypt(plaintext: Uint8Array, output?: Uint8Array): Uint8Array;
  decrypt(sealed: Uint8Array, output?: Uint8Array): Uint8Array;
}
type Construction = (key: Uint8Array, nonce: Uint8Array, aad: Uint8Array) => OneShot;

const CONSTRUCTIONS: Readonly<Partial<Record<SuiteName, Exclude<keyof NobleCiphers, 'ghash'>>>> = {
  'AES-256-GCM': 'gcm',
  'AES-128-GCM': 'gcm',
  'CHACHA20-POLY1305': 'chacha20poly1305',
  'AES-256-GCM-SIV': 'gcmsiv',
};

/** The engine over @noble/ciphers: pure JavaScript, slow, and available everywhere. */
export const nobleEngine: Engine = {
  name: 'noble',
  missing(suite) {
    if (CONSTRUCTIONS[suite] === undefined) return '@noble/ciphers has no SM4';
    try {
      nobleCiphers();
      return undefined;
    } catch (error) {
      return `@noble/ciphers does not load: ${(error as Error).message.split('\n', 1)[0]}`;
    }
  },
  create(suite, key, baseNonce) {
    const name = CONSTRUCTIONS[suite];
    if (name === undefined) throw new RangeError(`The noble engine does not serve ${suite}`);
    return new NobleFrameCipher(nobleCiphers()[name], key, baseNonce);
  },
};

class NobleFrameCipher implements FrameCipher {
  readonly #construction: Construction;
  #key: Uint8Array;
  readonly #nonces: NonceSequence;

  constructor(construction: Construction, key: Uint8Array, baseNonce: Uint8Array) {
    this.#construction = construction;
    this.#key = copyOf(key);
    this.#nonces = new NonceSequence(baseNonce);
  }

  seal(index: number, aad: Uint8Array, plaintext: Uint8Array, out: Uint8Array, offset: number): void {
    out.set(this.#at(index, aad).encrypt(plainBytes(plaintext)), offset);
  }

  open(index: number, aad: Uint8Array, sealed: Uint8Array, out: Uint8Array, offset: number): boolean {
    const plaintext = this.openDetached(index, aad, sealed);
    if (plaintext === undefined) return false;
    out.set(plaintext, offset);
    return true;
  }

  openDetached(index: number, aad: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
    try {
      return this.#at(index, aad).decrypt(plainBytes(sealed));
    } catch {
      return undefined;
    }
  }

  #at(index: number, aad: Uint8Array): OneShot {
    const [key, nonce] = [plainBytes(this.#key), plainBytes(this.#nonces.at(index))];
    return this.#construction(key, nonce, plainBytes(aad));
  }

  wipe(): void {
    wipe(this.#key);
    this.#key = NO_KEY;
  }
}
