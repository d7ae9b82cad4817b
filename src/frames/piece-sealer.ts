import type { ByteGatherer } from '../bytes.js';
import { copyOf, NOTHING } from '../bytes.js';
import type { PiecewiseCipher } from '../crypto/aead.js';
import { TAG_SIZE } from '../suites.js';
import { MIN_PIECE } from './layout.js';

/** State that a piece sealer shares with its sealer. */
export interface SealedPieces {
  readonly frameSize: number;
  readonly aad: Uint8Array;
  /** Bytes of the current frame that are not sealed yet. */
  readonly pending: ByteGatherer;
}

/**
 * Seals a frame of the fixed layout as it arrives, straight into the output buffer, so that a frame that spans chunks
 * is not copied.
 */
export class PieceSealer {
  readonly #cipher: PiecewiseCipher;
  readonly #shared: SealedPieces;
  #out: Buffer | undefined;
  #sealed = 0;

  constructor(cipher: PiecewiseCipher, shared: SealedPieces) {
    this.#cipher = cipher;
    this.#shared = shared;
  }

  /** Whether a frame is partly sealed, so that the next bytes belong to it. */
  get isUnderWay(): boolean {
    return this.#out !== undefined;
  }

  /** How many more bytes of plaintext the current frame takes. */
  get room(): number {
    return this.#shared.frameSize - this.#sealed - this.#shared.pending.length;
  }

  /**
   * Takes the next bytes of frame `index`, `chunk[from, to)`, which do not fill it: seals them if they are many, copies
   * them if not.
   */
  add(index: number, chunk: Uint8Array, from: number, to: number): void {
    const { aad, frameSize, pending } = this.#shared;
    if (pending.length + to - from < MIN_PIECE) {
      pending.append(chunk, from, to, MIN_PIECE);
      return;
    }
    if (this.#out === undefined) {
      this.#out = Buffer.allocUnsafeSlow(frameSize + TAG_SIZE);
      this.#sealed = 0;
      this.#cipher.startSeal(index, aad);
    }
    this.#sealPending(this.#out);
    this.#cipher.update(chunk, from, to, this.#out, this.#sealed);
    this.#sealed += to - from;
  }

  /** Seals the current frame, which ends with `chunk[0, to)`. @returns it, in its own memory */
  finish(chunk: Uint8Array = NOTHING, to = 0): Uint8Array {
    const out = this.#out!;
    this.#sealPending(out);
    this.#cipher.finishSeal(chunk, 0, to, out, this.#sealed);
    this.#out = undefined;
    const end = this.#sealed + to + TAG_SIZE;
    // A copy, because the memory behind a short frame was never written and must not be released.
    return end === out.length ? out : copyOf(out.subarray(0, end));
  }

  #sealPending(out: Uint8Array): void {
    const { pending } = this.#shared;
    if (pending.length === 0) return;
    this.#cipher.update(pending.bytes, 0, pending.length, out, this.#sealed);
    this.#sealed += pending.length;
    pending.clear();
  }
}
