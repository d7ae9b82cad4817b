import { ByteGatherer, copyOf, viewOf } from '../bytes.js';
import type { FrameCipher } from '../crypto/aead.js';
import { TAG_SIZE } from '../crypto/suites.js';
import { FrameCount } from './frame-count.js';
import { notAuthentic, trailingData, truncated } from './frame-errors.js';
import { FrameLength, ILLEGAL_WORD, NO_WORD } from './frame-length.js';
import type { FrameBounds, FrameLayout } from './layout.js';
import { FORMAT_BOUNDS, MAX_OUTPUT, WORD_SIZE } from './layout.js';
import type { RunCipher } from './run-opener.js';
import { RunOpener } from './run-opener.js';

const OPEN = 0;
/** The final frame of a record stream has been opened. */
const FINAL_SEEN = 1;
const ENDED = 2;
const FAILED = 3;

/**
 * Cuts a sealed stream into frames and opens them (FORMAT 6). Knows no stream and no particular cipher.
 *
 * Plaintext is emitted only after its frame's tag has verified, and everything that verified before a fault is
 * emitted before the fault is thrown. Whole frames of one chunk are opened from where they lie; a frame that spans chunks
 * is opened piece by piece where layout and cipher allow it, and copied as it arrives where they do not. The first error
 * sticks.
 */
export class FrameOpener {
  readonly #cipher: FrameCipher;
  readonly #emit: (bytes: Uint8Array) => void;
  readonly #frameSize: number;
  readonly #headSize: number;
  readonly #length: FrameLength;
  readonly #aad: Buffer;
  readonly #pending = new ByteGatherer();
  readonly #count: FrameCount;
  /** Where frames are of one size, and the cipher opens several of them in one call. */
  readonly #runs: RunOpener | undefined;
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
    this.#length = new FrameLength(this.#headSize, frameSize);
    this.#aad = Buffer.alloc(aad.length + this.#headSize);
    this.#aad.set(aad);
    this.#count = new FrameCount(bounds);
    if (this.#headSize === 0 && opensRuns(cipher)) {
      const [count, pending] = [this.#count, this.#pending];
      this.#runs = new RunOpener(cipher, { frameSize, aad: this.#aad, count, pending, emit });
    }
  }

  /** Frames opened so far. */
  get frames(): number {
    return this.#count.frames;
  }

  /**
   * Opens every frame that `chunk` completes, and takes the rest.
   *
   * @throws SealpipeError `ERR_SEALPIPE_AUTHENTICATION`, `_TRAILING_DATA` or `_LIMIT`
   */
  write(chunk: Uint8Array): void {
    this.#assertNotOver();
    try {
      if (this.#runs !== undefined) {
        this.#runs.write(chunk);
        return;
      }
      let position = this.#joinPending(chunk);
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
    this.#runs?.wipe();
    if (this.#state < ENDED) this.#state = ENDED;
  }

  /** Completes the frame whose first bytes are pending. @returns how much of `chunk` went into it */
  #joinPending(chunk: Uint8Array): number {
    let position = 0;
    while (this.#pending.length > 0 && position < chunk.length) {
      const length = this.#length.at(this.#pending.bytes, 0);
      const target = length === NO_WORD ? WORD_SIZE : length;
      const end = Math.min(chunk.length, position + target - this.#pending.length);
      const isWhole = this.#pending.length + end - position === target;
      if (
        isWhole &&
        length !== NO_WORD &&
        this.#cipher.openFrames !== undefined &&
        this.#length.plaintext(length) > 0
      ) {
        this.#openJoined(length, viewOf(chunk, position, end));
        return end;
      }
      this.#pending.append(chunk, position, end, this.#length.most);
      position = end;
      if (!isWhole) break;
      if (length === NO_WORD) {
        if (this.#length.at(this.#pending.bytes, 0) === ILLEGAL_WORD) throw notAuthentic();
      } else {
        this.#openOne(this.#pending.bytes, false);
        this.#pending.clear();
      }
    }
    return position;
  }

  /** Opens a record frame of `length` bytes that begins in what is pending and ends with `rest`. */
  #openJoined(length: number, rest: Uint8Array): void {
    const size = this.#length.plaintext(length);
    const head = this.#begin(this.#pending.bytes, size);
    const out = Buffer.allocUnsafeSlow(size);
    if (this.#cipher.openFrames!(this.#count.frames, this.#aad, size, head, rest, out, 0) === 0) {
      throw notAuthentic();
    }
    this.#pending.clear();
    this.#count.add(1, size);
    this.#emit(out);
  }

  /** Opens the whole frames at `start`, up to about 1 MiB of them, or keeps what is no whole frame. @returns where it stopped */
  #openWhole(chunk: Uint8Array, start: number): number {
    if (this.#state === FINAL_SEEN) throw trailingData();
    let end = start;
    let count = 0;
    let plaintext = 0;
    let final = false;
    while (end < chunk.length && !final && (count === 0 || plaintext + this.#frameSize <= MAX_OUTPUT)) {
      const length = this.#length.at(chunk, end);
      if (length === ILLEGAL_WORD && count === 0) throw notAuthentic();
      if (length <= NO_WORD || end + length > chunk.length) break;
      final = this.#headSize > 0 && chunk[end]! >= 0x80;
      plaintext += this.#length.plaintext(length);
      end += length;
      count += 1;
    }
    if (count === 0) {
      this.#pending.append(chunk, start, chunk.length, this.#length.most);
      return chunk.length;
    }
    if (count === 1) this.#openOne(viewOf(chunk, start, end), false);
    else this.#openBatch(chunk, start, end, plaintext);
    return end;
  }

  #openBatch(chunk: Uint8Array, start: number, end: number, size: number): void {
    const out = Buffer.allocUnsafeSlow(size);
    let written = 0;
    try {
      for (let position = start; position < end; ) {
        const length = this.#length.at(chunk, position);
        const plaintext = this.#length.plaintext(length);
        const body = this.#begin(chunk.subarray(position, position + length), plaintext);
        if (!this.#cipher.open(this.#count.frames, this.#aad, body, out, written)) throw notAuthentic();
        this.#count.add(1, plaintext);
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
    const size = this.#length.plaintext(frame.length);
    const body = this.#begin(frame, size);
    let plaintext: Uint8Array | undefined;
    if (this.#cipher.openDetached) {
      plaintext = this.#cipher.openDetached(this.#count.frames, this.#aad, body);
    } else {
      const out = Buffer.allocUnsafeSlow(size);
      if (this.#cipher.open(this.#count.frames, this.#aad, body, out, 0)) plaintext = out;
    }
    if (plaintext === undefined) throw notAuthentic(atEnd);
    this.#count.add(1, size);
    if (plaintext.length > 0) this.#emit(plaintext);
  }

  /**
   * Checks a frame of `size` bytes of plaintext against the bounds, and puts its word into the associated data.
   *
   * @param frame from its first byte on, the word at least
   * @returns what lies behind the word
   */
  #begin(frame: Uint8Array, size: number): Uint8Array {
    this.#count.assertRoom(size);
    if (this.#headSize === 0) return frame;
    this.#aad.set(frame.subarray(0, WORD_SIZE), this.#aad.length - WORD_SIZE);
    if (frame[0]! >= 0x80) this.#state = FINAL_SEEN;
    return frame.subarray(WORD_SIZE);
  }

  #finishFixed(): void {
    if (this.#runs?.finish()) return;
    if (this.#pending.length < TAG_SIZE) throw truncated();
    this.#openOne(this.#pending.bytes, true);
  }

  #finishRecords(): void {
    if (this.#state === FINAL_SEEN) return;
    if (!this.#length.mayBegin(this.#pending.bytes)) throw notAuthentic();
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

function opensRuns(cipher: FrameCipher): cipher is RunCipher {
  return cipher.openFrames !== undefined;
}
