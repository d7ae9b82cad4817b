import { ByteGatherer, copyOf, readU32 } from '../bytes.js';
import type { FrameCipher } from '../crypto/aead.js';
import { TAG_SIZE } from '../crypto/suites.js';
import { goesBeyond, notAuthentic, trailingData, truncated } from './frame-errors.js';
import type { FrameBounds, FrameLayout } from './layout.js';
import { FINAL, FORMAT_BOUNDS, MAX_OUTPUT, SLAB_SIZE, WORD_SIZE } from './layout.js';
import { OutputSlab } from './output-slab.js';

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
 * emitted before the fault is thrown. Whole frames of one chunk are opened from where they lie; of a frame that spans
 * chunks, what comes before its last chunk is copied as it arrives. The first error sticks.
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
  readonly #slab: OutputSlab;
  /** Frames of one size, and a cipher that opens several of them in one call. */
  readonly #inRuns: boolean;
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
    this.#slab = new OutputSlab(frameSize, SLAB_SIZE);
    this.#inRuns = this.#headSize === 0 && cipher.openFrames !== undefined;
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
      let position = this.#inRuns ? this.#openRuns(chunk) : this.#joinPending(chunk);
      while (position < chunk.length) position = this.#openWhole(chunk, position);
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
    this.#slab.release();
    if (this.#state < ENDED) this.#state = ENDED;
  }

  /** Opens the full frames that are there, and keeps the rest. @returns the length of `chunk` */
  #openRuns(chunk: Uint8Array): number {
    let position = 0;
    let whole = Math.floor((this.#pending.length + chunk.length) / this.#maxUnit);
    while (whole > 0) {
      const count = this.#mayOpen(Math.min(whole, Math.max(1, Math.floor(MAX_OUTPUT / this.#frameSize))));
      const end = position + count * this.#maxUnit - this.#pending.length;
      this.#openRun(count, view(chunk, position, end));
      position = end;
      whole -= count;
    }
    if (position < chunk.length) this.#pending.append(chunk, position, chunk.length, this.#maxUnit);
    return chunk.length;
  }

  /** Opens `count` full frames, of which the first may begin in what is pending. */
  #openRun(count: number, rest: Uint8Array): void {
    const size = this.#frameSize;
    const out = this.#slab.take(count);
    const opened = this.#cipher.openFrames!(this.#frames, this.#aad, size, this.#pending.bytes, rest, out, 0);
    this.#pending.clear();
    this.#frames += opened;
    this.#plaintext += opened * size;
    if (opened === count) {
      this.#emit(out);
      return;
    }
    out.fill(0, opened * size); // nothing was written there, and others may see it
    if (opened > 0) this.#emit(out.subarray(0, opened * size));
    throw notAuthentic();
  }

  /** How many of `count` full frames stay within the bounds. @throws SealpipeError `ERR_SEALPIPE_LIMIT` where none does */
  #mayOpen(count: number): number {
    const { maxFrames, maxPlaintext } = this.#bounds;
    this.#assertRoom(this.#frameSize);
    const bytes = Math.floor((maxPlaintext - this.#plaintext) / this.#frameSize);
    return Math.min(count, maxFrames - this.#frames, bytes);
  }

  /** Completes the frame whose first bytes are pending. @returns how much of `chunk` went into it */
  #joinPending(chunk: Uint8Array): number {
    let position = 0;
    while (this.#pending.length > 0 && position < chunk.length) {
      const length = this.#frameLength(this.#pending.bytes, 0);
      const target = length === NO_WORD ? WORD_SIZE : length;
      const end = Math.min(chunk.length, position + target - this.#pending.length);
      const isWhole = this.#pending.length + end - position === target;
      if (isWhole && length !== NO_WORD && this.#cipher.openFrames !== undefined && !isEmpty(length)) {
        this.#openJoined(length, view(chunk, position, end));
        return end;
      }
      this.#pending.append(chunk, position, end, this.#maxUnit);
      position = end;
      if (!isWhole) break;
      if (length === NO_WORD) {
        if (this.#frameLength(this.#pending.bytes, 0) === ILLEGAL_WORD) throw notAuthentic();
      } else {
        this.#openOne(this.#pending.bytes, false);
        this.#pending.clear();
      }
    }
    return position;
  }

  /** Opens a record frame of `length` bytes that begins in what is pending and ends with `rest`. */
  #openJoined(length: number, rest: Uint8Array): void {
    const size = length - WORD_SIZE - TAG_SIZE;
    const head = this.#begin(this.#pending.bytes, size);
    const out = this.#memory(size);
    if (this.#cipher.openFrames!(this.#frames, this.#aad, size, head, rest, out, 0) === 0) {
      out.fill(0);
      throw notAuthentic();
    }
    this.#pending.clear();
    this.#frames += 1;
    this.#emit(out);
  }

  /** Opens the whole frames at `start`, up to about 1 MiB of them, or keeps what is no whole frame. @returns where it stopped */
  #openWhole(chunk: Uint8Array, start: number): number {
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
      for (let position = start; position < end; ) {
        const length = this.#frameLength(chunk, position);
        const plaintext = length - this.#headSize - TAG_SIZE;
        const body = this.#begin(chunk.subarray(position, position + length), plaintext);
        if (!this.#cipher.open(this.#frames, this.#aad, body, out, written)) throw notAuthentic();
        this.#frames += 1;
        written += plaintext;
        position += length;
      }
    } catch (error) {
      // A copy: the memory behind it was not written, and must not leave.
      if (written > 0) this.#emit(copyOf(out.subarray(0, written)));
      throw error;
    }
    this.#emit(out);
  }

  #openOne(frame: Uint8Array, atEnd: boolean): void {
    const size = frame.length - this.#headSize - TAG_SIZE;
    const body = this.#begin(frame, size);
    let plaintext: Uint8Array | undefined;
    if (this.#cipher.openDetached) {
      plaintext = this.#cipher.openDetached(this.#frames, this.#aad, body);
    } else {
      const out = this.#memory(size);
      if (this.#cipher.open(this.#frames, this.#aad, body, out, 0)) plaintext = out;
      else out.fill(0);
    }
    if (plaintext === undefined) throw notAuthentic(atEnd);
    this.#frames += 1;
    if (plaintext.length > 0) this.#emit(plaintext);
  }

  /** Memory for the plaintext of one frame. */
  #memory(size: number): Buffer {
    return size === this.#frameSize ? this.#slab.take(1) : Buffer.allocUnsafeSlow(size);
  }

  /**
   * Checks a frame of `size` bytes of plaintext against the bounds, and puts its word into the associated data.
   *
   * @param frame from its first byte on, the word at least
   * @returns what lies behind the word
   */
  #begin(frame: Uint8Array, size: number): Uint8Array {
    this.#assertRoom(size);
    this.#plaintext += size;
    if (this.#headSize === 0) return frame;
    this.#aad.set(frame.subarray(0, WORD_SIZE), this.#aad.length - WORD_SIZE);
    if (frame[0]! >= 0x80) this.#state = FINAL_SEEN;
    return frame.subarray(WORD_SIZE);
  }

  #assertRoom(size: number): void {
    const { maxFrames, maxPlaintext } = this.#bounds;
    if (this.#frames >= maxFrames) throw goesBeyond(`${maxFrames} frames`);
    if (this.#plaintext + size > maxPlaintext) throw goesBeyond(`${maxPlaintext} bytes`);
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

/** Whether a record frame of `length` bytes has no plaintext. */
function isEmpty(length: number): boolean {
  return length === WORD_SIZE + TAG_SIZE;
}

function view(chunk: Uint8Array, start: number, end: number): Uint8Array {
  return start === 0 && end === chunk.length ? chunk : chunk.subarray(start, end);
}
