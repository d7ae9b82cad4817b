import { ByteGatherer, copyOf, readU32 } from '../bytes.js';
import type { FrameCipher } from '../crypto/aead.js';
import { TAG_SIZE } from '../crypto/suites.js';
import { goesBeyond, notAuthentic, trailingData, truncated } from './frame-errors.js';
import type { FrameBounds, FrameLayout } from './layout.js';
import { FINAL, FORMAT_BOUNDS, MAX_OUTPUT, WORD_SIZE } from './layout.js';

const OPEN = 0;
/** The final frame of a record stream has been opened. */
const FINAL_SEEN = 1;
const ENDED = 2;
const FAILED = 3;

/** What `#frameLength` answers where the word itself is not there, or no writer could have written it. */
const NO_WORD = 0;
const ILLEGAL_WORD = -1;

/**
 * Cuts a sealed stream into frames and opens them (FORMAT 6). Knows no stream and no particular cipher.
 *
 * Plaintext is emitted only after its frame's tag has verified, and everything that verified before a fault is
 * emitted before the fault is thrown. Whole frames of one chunk are opened from where they lie; bytes are copied
 * only where a frame spans chunks, and gathered as they arrive. The first error sticks.
 */
export class FrameOpener {
  readonly #cipher: FrameCipher;
  readonly #emit: (bytes: Uint8Array) => void;
  readonly #frameSize: number;
  readonly #headSize: number;
  readonly #maxUnit: number;
  readonly #aad: Buffer;
  readonly #bounds: FrameBounds;
  readonly #pending = new ByteGatherer();
  #frames = 0;
  #plaintext = 0;
  #state = OPEN;
  #error: unknown;

  constructor(
    cipher: FrameCipher,
    { layout, frameSize, aad }: FrameLayout,
    emit: (bytes: Uint8Array) => void,
    bounds: FrameBounds = FORMAT_BOUNDS,
  ) {
    this.#cipher = cipher;
    this.#emit = emit;
    this.#frameSize = frameSize;
    this.#headSize = layout === 'record' ? WORD_SIZE : 0;
    this.#maxUnit = this.#headSize + frameSize + TAG_SIZE;
    this.#aad = Buffer.alloc(aad.length + this.#headSize);
    this.#aad.set(aad);
    this.#bounds = bounds;
  }

  /** Frames opened so far. */
  get frames(): number {
    return this.#frames;
  }

  /**
   * Opens every frame that `chunk` completes and copies the rest.
   *
   * @throws SealpipeError `ERR_SEALPIPE_AUTHENTICATION`, `_TRAILING_DATA` or `_LIMIT`
   */
  write(chunk: Uint8Array): void {
    this.#assertNotOver();
    try {
      let position = this.#joinPending(chunk);
      while (position < chunk.length) position = this.#openRun(chunk, position);
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /**
   * The stream ends here: opens the last frame (fixed layout), or makes sure that it was there.
   *
   * @throws SealpipeError `ERR_SEALPIPE_TRUNCATED`, or `_AUTHENTICATION` with `atEnd`
   */
  finish(): void {
    this.#assertNotOver();
    try {
      if (this.#headSize > 0) this.#finishRecords();
      else this.#finishFixed();
      this.#state = ENDED;
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** Wipes the key and what is pending. Nothing can be opened afterwards. */
  wipe(): void {
    this.#cipher.wipe();
    this.#pending.wipe();
    if (this.#state < ENDED) this.#state = ENDED;
  }

  /** Completes the frame whose first bytes are pending. @returns how much of `chunk` went into it */
  #joinPending(chunk: Uint8Array): number {
    let position = 0;
    while (this.#pending.length > 0 && position < chunk.length) {
      const length = this.#frameLength(this.#pending.bytes, 0);
      const target = length === NO_WORD ? WORD_SIZE : length;
      const end = Math.min(chunk.length, position + target - this.#pending.length);
      this.#pending.append(chunk, position, end, this.#maxUnit);
      position = end;
      if (this.#pending.length < target) break;
      if (length === NO_WORD) {
        if (this.#frameLength(this.#pending.bytes, 0) === ILLEGAL_WORD) throw notAuthentic();
      } else {
        this.#openOne(this.#pending.bytes, false);
        this.#pending.clear();
      }
    }
    return position;
  }

  /** Opens the whole frames at `start`, up to about 1 MiB of them, or keeps what is no whole frame. @returns where it stopped */
  #openRun(chunk: Uint8Array, start: number): number {
    if (this.#state === FINAL_SEEN) {
      throw trailingData();
    }
    let end = start;
    let count = 0;
    let plaintext = 0;
    let final = false;
    while (end < chunk.length && !final && (count === 0 || plaintext + this.#frameSize <= MAX_OUTPUT)) {
      const length = this.#frameLength(chunk, end);
      if (length === ILLEGAL_WORD && count === 0) throw notAuthentic();
      if (length <= NO_WORD || end + length > chunk.length) break;
      final = this.#headSize > 0 && chunk[end]! >= 0x80;
      plaintext += length - this.#headSize - TAG_SIZE;
      end += length;
      count += 1;
    }
    if (count === 0) {
      this.#pending.append(chunk, start, chunk.length, this.#maxUnit);
      return chunk.length;
    }
    if (count === 1) this.#openOne(view(chunk, start, end), false);
    else this.#openBatch(chunk, start, end, plaintext);
    return end;
  }

  #openBatch(chunk: Uint8Array, start: number, end: number, size: number): void {
    const out = Buffer.allocUnsafeSlow(size);
    let written = 0;
    try {
      if (this.#cipher.openFrames !== undefined && this.#headSize === 0 && this.#mayTake(size)) {
        const sealed = view(chunk, start, end);
        const opened = this.#cipher.openFrames(this.#frames, this.#aad, this.#frameSize, sealed, out, 0);
        written = opened * this.#frameSize;
        this.#frames += opened;
        this.#plaintext += written;
        if (written < size) throw notAuthentic();
      } else {
        for (let position = start; position < end; ) {
          const length = this.#frameLength(chunk, position);
          const body = this.#begin(chunk.subarray(position, position + length));
          if (!this.#cipher.open(this.#frames, this.#aad, body, out, written)) throw notAuthentic();
          this.#frames += 1;
          written += body.length - TAG_SIZE;
          position += length;
        }
      }
    } catch (error) {
      // A copy: the memory behind it was not written, and must not leave.
      if (written > 0) this.#emit(copyOf(out.subarray(0, written)));
      throw error;
    }
    this.#emit(out);
  }

  #openOne(frame: Uint8Array, atEnd: boolean): void {
    const body = this.#begin(frame);
    let plaintext: Uint8Array | undefined;
    if (this.#cipher.openDetached) {
      plaintext = this.#cipher.openDetached(this.#frames, this.#aad, body);
    } else {
      const out = Buffer.allocUnsafeSlow(body.length - TAG_SIZE);
      if (this.#cipher.open(this.#frames, this.#aad, body, out, 0)) plaintext = out;
    }
    if (plaintext === undefined) throw notAuthentic(atEnd);
    this.#frames += 1;
    if (plaintext.length > 0) this.#emit(plaintext);
  }

  /** Whether full frames of `size` bytes of plaintext in all stay within the bounds. */
  #mayTake(size: number): boolean {
    const { maxFrames, maxPlaintext } = this.#bounds;
    return this.#frames + size / this.#frameSize <= maxFrames && this.#plaintext + size <= maxPlaintext;
  }

  /** Checks a frame against the bounds, puts its word into the associated data, and returns ciphertext and tag. */
  #begin(frame: Uint8Array): Uint8Array {
    const body = this.#headSize > 0 ? frame.subarray(WORD_SIZE) : frame;
    this.#plaintext += body.length - TAG_SIZE;
    if (this.#frames >= this.#bounds.maxFrames) throw goesBeyond(`${this.#bounds.maxFrames} frames`);
    if (this.#plaintext > this.#bounds.maxPlaintext) throw goesBeyond(`${this.#bounds.maxPlaintext} bytes`);
    if (this.#headSize > 0) {
      this.#aad.set(frame.subarray(0, WORD_SIZE), this.#aad.length - WORD_SIZE);
      if (frame[0]! >= 0x80) this.#state = FINAL_SEEN;
    }
    return body;
  }

  /** The whole length of the frame at `position`: of a full one in the fixed layout, by its word in the other. */
  #frameLength(bytes: Uint8Array, position: number): number {
    if (this.#headSize === 0) return this.#maxUnit;
    if (position + WORD_SIZE > bytes.length) return NO_WORD;
    const word = readU32(bytes, position);
    const length = word % FINAL;
    if (length > this.#frameSize || word === 0) return ILLEGAL_WORD;
    return WORD_SIZE + length + TAG_SIZE;
  }

  #finishFixed(): void {
    if (this.#pending.length < TAG_SIZE) throw truncated();
    this.#openOne(this.#pending.bytes, true);
  }

  #finishRecords(): void {
    if (this.#state === FINAL_SEEN) return;
    // A word that is there in part is filled up with zeros: if that is too long, no writer wrote it.
    const word = new Uint8Array(WORD_SIZE);
    word.set(this.#pending.bytes.subarray(0, WORD_SIZE));
    if (readU32(word, 0) % FINAL > this.#frameSize) throw notAuthentic();
    throw truncated();
  }

  #assertNotOver(): void {
    if (this.#state === FAILED) throw this.#error;
    if (this.#state === ENDED) throw new Error('This stream of frames has ended');
  }

  #fail(error: unknown): unknown {
    this.#state = FAILED;
    this.#error = error;
    return error;
  }
}

function view(chunk: Uint8Array, start: number, end: number): Uint8Array {
  return start === 0 && end === chunk.length ? chunk : chunk.subarray(start, end);
}
