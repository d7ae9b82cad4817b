import type { SuiteName } from '../suites.js';

/**
 * One AEAD key with its sequence of nonces, that seals or opens the frames of one stream. The nonce of frame i is that
 * of FORMAT 6. The caller chooses `aad`. Inputs are neither kept nor written to.
 *
 * The code for frames asks which optional methods are present. An adapter with one route for all ciphers takes more lines
 * than it saves, and 3 % more CPU time to seal frames of 4 KiB on Node 24.
 */
export interface FrameCipher extends Partial<PiecewiseCipher> {
  /** Writes ciphertext and tag (`plaintext.length + 16` bytes) into `out` at `offset`. */
  seal(index: number, aad: Uint8Array, plaintext: Uint8Array, out: Uint8Array, offset: number): void;
  /**
   * Writes the plaintext (`sealed.length - 16` bytes) into `out` at `offset`.
   *
   * @returns false if the tag does not verify; then `out` holds no plaintext
   */
  open(index: number, aad: Uint8Array, sealed: Uint8Array, out: Uint8Array, offset: number): boolean;
  /** Like `seal`, but returns buffers that the cipher allocates. Present only if that saves a copy. */
  sealDetached?(index: number, aad: Uint8Array, plaintext: Uint8Array): DetachedFrame;
  /**
   * Like `open`, but returns a buffer that the cipher allocates, or undefined if not authentic. Present only if that
   * saves a copy.
   */
  openDetached?(index: number, aad: Uint8Array, sealed: Uint8Array): Uint8Array | undefined;
  /**
   * Seals frames of `frameSize` bytes in a row, from `index` on, one after the other into `out`. Present only if one
   * call is cheaper than many. The plaintext is `head` followed by `rest`: a whole number of frames, of which only the
   * first may begin in `head`.
   */
  sealFrames?(
    index: number,
    aad: Uint8Array,
    frameSize: number,
    head: Uint8Array,
    rest: Uint8Array,
    out: Uint8Array,
    offset: number,
  ): void;
  /**
   * Opens frames in a row, as `sealFrames` seals them: `head` and `rest` are sealed frames, tags included.
   *
   * @returns how many verified before the first that did not; `out` holds no plaintext of that one or of later ones
   */
  openFrames?(
    index: number,
    aad: Uint8Array,
    frameSize: number,
    head: Uint8Array,
    rest: Uint8Array,
    out: Uint8Array,
    offset: number,
  ): number;
  /** Wipes the key. Nothing can be sealed or opened afterwards. */
  wipe(): void;
}

/**
 * Seals or opens one frame as it arrives, into the caller's memory. Present only if that saves a copy. A frame is
 * begun, updated any number of times, and finished in the same direction. If the cipher seals or opens any other frame
 * in between, that ends this one, and later updates throw. A call that throws because of its arguments has no effect on
 * the current frame.
 */
export interface PiecewiseCipher {
  /** Begins to seal the frame at `index`. */
  startSeal(index: number, aad: Uint8Array): void;
  /** Begins to open the frame at `index`. */
  startOpen(index: number, aad: Uint8Array): void;
  /**
   * Takes the next bytes of the frame, `chunk[from, to)`, which `out` does not touch. Sealing writes as many into `out`
   * at `offset`. Opening holds the last 16 back, since they are the tag if the frame ends there: of `taken` bytes of
   * the frame, `taken - 16` have been written. None of them is verified yet: the caller releases none of them, and
   * wipes them unless the whole frame verifies.
   */
  update(chunk: Uint8Array, from: number, to: number, out: Uint8Array, offset: number): void;
  /** Like `update` with the last bytes, and appends the tag. */
  finishSeal(chunk: Uint8Array, from: number, to: number, out: Uint8Array, offset: number): void;
  /**
   * Like `update` with the last bytes, tag included.
   *
   * @returns whether the tag verifies; the frame ends in either case
   */
  finishOpen(chunk: Uint8Array, from: number, to: number, out: Uint8Array, offset: number): boolean;
  /**
   * In one call `finishOpen(chunk, 0, cut, out, offset)` and, if that verifies, `startOpen(index, aad)` and
   * `update(chunk, cut, chunk.length, next, 0)`: for chunks that are about as long as frames. What is written of `out`
   * and of `next` touches neither the other nor `chunk` nor `aad`.
   *
   * @returns whether the tag verifies; if it does not, no frame has begun
   */
  openAcross(
    chunk: Uint8Array,
    cut: number,
    out: Uint8Array,
    offset: number,
    index: number,
    aad: Uint8Array,
    next: Uint8Array,
  ): boolean;
}

/** Whether a cipher takes frames piece by piece. */
export function isPiecewise(cipher: FrameCipher): cipher is FrameCipher & PiecewiseCipher {
  return cipher.update !== undefined;
}

/** A sealed frame in two buffers. */
export interface DetachedFrame {
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
}

/**
 * The implementations of the suites, fastest first: `native`, an addon over the OpenSSL inside Node; `node`, which is
 * node:crypto; `noble`, which is @noble/ciphers, plain JavaScript. Their output is identical, byte for byte.
 */
export type EngineName = 'native' | 'node' | 'noble';

/** An implementation of the suites. */
export interface Engine {
  readonly name: EngineName;
  /** Why this engine cannot serve a suite here; undefined if it can. */
  missing(suite: SuiteName): string | undefined;
  /**
   * @param key of the suite's size; copied
   * @param baseNonce of the suite's size; copied
   */
  create(suite: SuiteName, key: Uint8Array, baseNonce: Uint8Array): FrameCipher;
}
