import { ByteGatherer, writeU32 } from '../bytes.js';
import type { FrameCipher } from '../crypto/aead.js';
import { TAG_SIZE } from '../crypto/suites.js';
import { holdsAtMost } from './frame-errors.js';
import type { FrameBounds, FrameLayout } from './layout.js';
import { FINAL, FORMAT_BOUNDS, MAX_OUTPUT, WORD_SIZE } from './layout.js';

/** From this frame size on, two buffers of the cipher's own are cheaper than a copy into one of ours. */
const DETACHED_FROM = 16_384;

const OPEN = 0;
const ENDED = 1;
const FAILED = 2;

/**
 * Cuts plaintext into frames and seals them (FORMAT 6). Knows no stream and no particular cipher.
 *
 * Whole frames of one chunk go out in one buffer of about 1 MiB at most; bytes are copied only where a frame spans
 * chunks. What was emitted is never written again, and `chunk` is not kept. The first error sticks.
 */
export class FrameSealer {
  readonly #cipher: FrameCipher;
  readonly #emit: (bytes: Uint8Array) => void;
  readonly #frameSize: number;
  readonly #headSize: number;
  readonly #aad: Buffer;
  readonly #maxBatch: number;
  readonly #detached: boolean;
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
    this.#aad = Buffer.alloc(aad.length + this.#headSize);
    this.#aad.set(aad);
    this.#maxBatch = Math.max(1, Math.floor(MAX_OUTPUT / frameSize));
    this.#detached = cipher.sealDetached !== undefined && frameSize >= DETACHED_FROM;
    this.#bounds = bounds;
  }

  /** Frames sealed so far. */
  get frames(): number {
    return this.#frames;
  }

  /**
   * Seals every frame that `chunk` fills and copies the rest.
   *
   * @throws SealpipeError `ERR_SEALPIPE_LIMIT` at the bounds of a stream
   */
  write(chunk: Uint8Array): void {
    this.#assertOpen();
    try {
      this.#write(chunk);
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** Seals what is pending as a frame. Nothing pending: nothing is emitted. */
  flush(): void {
    this.#assertOpen();
    try {
      if (this.#headSize === 0) throw new Error('A short frame ends a stream of the fixed layout');
      if (this.#pending.length > 0) this.#sealPending(0);
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** Seals the last frame, which may be empty. */
  finish(): void {
    this.#assertOpen();
    try {
      this.#sealPending(FINAL);
      this.#state = ENDED;
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** Wipes the key and what is pending. Nothing can be sealed afterwards. */
  wipe(): void {
    this.#cipher.wipe();
    this.#pending.wipe();
    if (this.#state === OPEN) this.#state = ENDED;
  }

  #write(chunk: Uint8Array): void {
    const size = this.#frameSize;
    this.#plaintext += chunk.length;
    if (this.#plaintext > this.#bounds.maxPlaintext) throw holdsAtMost(`${this.#bounds.maxPlaintext} bytes`);
    let position = 0;
    if (this.#pending.length > 0) {
      position = Math.min(chunk.length, size - this.#pending.length);
      this.#pending.append(chunk, 0, position, size);
      if (this.#pending.length < size) return;
    }
    let whole = Math.floor((this.#pending.length + chunk.length - position) / size);
    while (whole > 0) {
      const batch = Math.min(whole, this.#maxBatch);
      position =
        batch === 1 && this.#detached
          ? this.#sealOne(chunk, position)
          : this.#sealBatch(chunk, position, batch);
      whole -= batch;
    }
    if (position < chunk.length) this.#pending.append(chunk, position, chunk.length, size);
  }

  /** Seals the next `count` full frames into one buffer; the first of them may be pending. @returns where they end */
  #sealBatch(chunk: Uint8Array, start: number, count: number): number {
    const unit = this.#headSize + this.#frameSize + TAG_SIZE;
    const out = Buffer.allocUnsafeSlow(count * unit);
    let offset = 0;
    if (this.#pending.length > 0) {
      this.#seal(this.#pending.bytes, 0, out, 0);
      this.#pending.clear();
      offset = unit;
    }
    const left = (out.length - offset) / unit;
    const end = start + left * this.#frameSize;
    if (this.#cipher.sealFrames !== undefined && this.#headSize === 0 && left > 0) {
      const index = this.#nextIndex(0, left);
      this.#cipher.sealFrames(index, this.#aad, this.#frameSize, view(chunk, start, end), out, offset);
    } else {
      for (let position = start; position < end; position += this.#frameSize, offset += unit) {
        this.#seal(view(chunk, position, position + this.#frameSize), 0, out, offset);
      }
    }
    this.#emit(out);
    return end;
  }

  /** Seals the next full frame into buffers of the cipher's own. @returns where it ends */
  #sealOne(chunk: Uint8Array, start: number): number {
    const joined = this.#pending.length > 0;
    const end = joined ? start : start + this.#frameSize;
    const plaintext = joined ? this.#pending.bytes : view(chunk, start, end);
    const index = this.#nextIndex(0);
    let head: Buffer | undefined;
    if (this.#headSize > 0) {
      head = Buffer.allocUnsafeSlow(WORD_SIZE);
      this.#head(plaintext.length, 0, head, 0);
    }
    const { ciphertext, tag } = this.#cipher.sealDetached!(index, this.#aad, plaintext);
    if (joined) this.#pending.clear();
    // Only now: no word leaves without its frame.
    if (head !== undefined) this.#emit(head);
    this.#emit(ciphertext);
    this.#emit(tag);
    return end;
  }

  #sealPending(final: number): void {
    const out = Buffer.allocUnsafeSlow(this.#headSize + this.#pending.length + TAG_SIZE);
    this.#seal(this.#pending.bytes, final, out, 0);
    this.#pending.clear();
    this.#emit(out);
  }

  #seal(plaintext: Uint8Array, final: number, out: Uint8Array, offset: number): void {
    if (this.#headSize > 0) this.#head(plaintext.length, final, out, offset);
    this.#cipher.seal(this.#nextIndex(final), this.#aad, plaintext, out, offset + this.#headSize);
  }

  /** Writes a record frame's word where it goes out, and into its associated data. */
  #head(length: number, final: number, out: Uint8Array, offset: number): void {
    writeU32(out, offset, final + length);
    writeU32(this.#aad, this.#aad.length - WORD_SIZE, final + length);
  }

  /** Counts frames, unless no last one could follow them. @returns the index of the first */
  #nextIndex(final: number, count = 1): number {
    const index = this.#frames;
    if (final === 0 && index + count >= this.#bounds.maxFrames) {
      throw holdsAtMost(`${this.#bounds.maxFrames} frames`);
    }
    this.#frames += count;
    return index;
  }

  #assertOpen(): void {
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
