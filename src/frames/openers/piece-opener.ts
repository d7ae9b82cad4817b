import { copyOf, NOTHING } from '../../bytes.js';
import type { PiecewiseCipher } from '../../crypto/aead.js';
import { TAG_SIZE } from '../../suites.js';
import { notAuthentic } from '../frame-errors.js';
import { MIN_PIECE } from '../layout.js';
import type { OpenedFrames } from './opened-frames.js';

/**
 * Opens a frame of the fixed layout as it arrives, so that a frame that spans chunks is not copied. Unverified
 * plaintext stays in private memory: it is released once the tag has verified, and wiped otherwise.
 */
export class PieceOpener {
  readonly #cipher: PiecewiseCipher;
  readonly #frames: OpenedFrames;
  #out: Buffer | undefined;
  /** Bytes that the cipher was given, including those that may be the tag and are not in `#out`. */
  #taken = 0;

  constructor(cipher: PiecewiseCipher, frames: OpenedFrames) {
    this.#cipher = cipher;
    this.#frames = frames;
  }

  /** Whether a frame is partly open, so that the next bytes belong to it. */
  get isUnderWay(): boolean {
    return this.#out !== undefined;
  }

  /** How many bytes, including the tag, complete a full frame. */
  get missing(): number {
    return this.#frames.frameSize - this.size;
  }

  /** Bytes of plaintext in the current frame if the stream ends here. */
  get size(): number {
    return this.#taken + this.#frames.pending.length - TAG_SIZE;
  }

  /**
   * Takes the next bytes of the next frame, `chunk[from, to)`, which do not complete it: opens them if they are many,
   * copies them if not.
   */
  add(chunk: Uint8Array, from: number, to: number): void {
    const { aad, count, frameSize, pending } = this.#frames;
    if (pending.length + to - from < MIN_PIECE) {
      pending.append(chunk, from, to, MIN_PIECE);
      return;
    }
    if (this.#out === undefined) {
      this.#out = Buffer.allocUnsafeSlow(frameSize);
      this.#taken = 0;
      this.#cipher.startOpen(count.frames, aad);
    }
    this.#openPending(this.#out);
    this.#cipher.update(chunk, from, to, this.#out, this.#offset);
    this.#taken += to - from;
  }

  /**
   * Opens the current frame, which ends with `chunk[0, to)`.
   *
   * @returns its plaintext, in its own memory
   * @throws SealpipeError `ERR_SEALPIPE_AUTHENTICATION`, with `atEnd` if the stream ends here
   */
  finish(chunk: Uint8Array = NOTHING, to = 0): Uint8Array {
    const out = this.#out!;
    const size = this.size + to;
    let verified = false;
    try {
      this.#openPending(out);
      verified = this.#cipher.finishOpen(chunk, 0, to, out, this.#offset);
    } finally {
      if (!verified) this.wipe();
    }
    if (!verified) throw notAuthentic(size < out.length);
    if (size === out.length) {
      this.#out = undefined;
      return out;
    }
    // A copy, because the memory behind a short frame was never written and must not be released.
    const plaintext = copyOf(out.subarray(0, size));
    this.wipe();
    return plaintext;
  }

  /**
   * Opens the current frame, a full one that ends with `chunk[0, to)`. The rest of the chunk begins the next frame and
   * does not complete it.
   *
   * @returns the plaintext of the frame that ended, in its own memory
   * @throws SealpipeError `ERR_SEALPIPE_AUTHENTICATION`
   */
  finishAndAdd(chunk: Uint8Array, to: number): Uint8Array {
    const { aad, count, frameSize } = this.#frames;
    const out = this.#out!;
    const next = Buffer.allocUnsafeSlow(frameSize);
    let verified = false;
    try {
      this.#openPending(out);
      verified = this.#cipher.openAcross(chunk, to, out, this.#offset, count.frames + 1, aad, next);
    } finally {
      if (!verified) {
        next.fill(0);
        this.wipe();
      }
    }
    if (!verified) throw notAuthentic();
    this.#out = next;
    this.#taken = chunk.length - to;
    return out;
  }

  /** Wipes unverified plaintext. */
  wipe(): void {
    this.#out?.fill(0);
    this.#out = undefined;
  }

  /** Bytes written to `#out`. */
  get #offset(): number {
    return Math.max(0, this.#taken - TAG_SIZE);
  }

  #openPending(out: Uint8Array): void {
    const { pending } = this.#frames;
    if (pending.length === 0) return;
    this.#cipher.update(pending.bytes, 0, pending.length, out, this.#offset);
    this.#taken += pending.length;
    pending.clear();
  }
}
