import { copyOf, readU32, writeU32 } from '../bytes.js';

/** The nonces of a stream: `nonce(i) = baseNonce XOR (zeros ‖ u32(i))` (FORMAT 6). */
export class NonceSequence {
  readonly #nonce: Buffer;
  readonly #tail: number;
  readonly #offset: number;

  constructor(baseNonce: Uint8Array) {
    this.#nonce = copyOf(baseNonce);
    this.#offset = baseNonce.length - 4;
    this.#tail = readU32(baseNonce, this.#offset);
  }

  /** The nonce of frame `index`, in memory that the next call overwrites. */
  at(index: number): Uint8Array {
    writeU32(this.#nonce, this.#offset, this.#tail ^ index);
    return this.#nonce;
  }
}
