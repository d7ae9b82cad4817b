import { ByteGatherer, viewOf, writeU32 } from '../bytes.js';
import type { FrameCipher } from '../crypto/aead.js';
import { isPiecewise } from '../crypto/aead.js';
import { TAG_SIZE } from '../suites.js';
import { assertKept } from './frame-errors.js';
import type { FrameBounds, FrameLayout } from './layout.js';
import { FINAL, FORMAT_BOUNDS, MAX_OUTPUT, WORD_SIZE } from './layout.js';
import { PieceSealer } from './piece-sealer.js';
import { SealedCount } from './sealed-count.js';

/** From this frame size on, two buffers that the cipher allocates are cheaper than a copy into one of ours. */
const DETACHED_FROM = 16_384;

const OPEN = 0;
const ENDED = 1;
const FAILED = 2;

/**
 * Cuts plaintext into frames and seals them (FORMAT 6). Knows no stream and no particular cipher.
 *
 * Whole frames of one chunk go out in one buffer of about 1 MiB at most; a frame that spans chunks is sealed piece by
 * piece if layout and cipher allow it, and copied as it arrives if they do not. What was emitted is never written
 * again, and `chunk` is not kept. The first error sticks.
 */
export class FrameSealer {
  readonly #cipher: FrameCipher;
  readonly #emit: (bytes: Uint8Array) => void;
  readonly #frameSize: number;
  readonly #headSize: number;
  readonly #aad: Buffer;
  readonly #unit: number;
  readonly #maxBatch: number;
  readonly #detached: boolean;
  readonly #count: SealedCount;
  readonly #memory: (size: number) => Buffer;
  readonly #pending = new ByteGatherer();
  /** Set if a frame's associated data is known before its end and the cipher takes frames piece by piece. */
  readonly #pieces: PieceSealer | undefined;
  #state = OPEN;
  #error: unknown;

  /** @param memory returns memory to seal into. It is emitted, so the caller decides when to use it again. */
  constructor(
    cipher: FrameCipher,
    { layout, frameSize, aad }: FrameLayout,
    emit: (bytes: Uint8Array) => void,
    bounds: FrameBounds = FORMAT_BOUNDS,
    memory = (size: number): Buffer => Buffer.allocUnsafeSlow(size),
  ) {
    this.#cipher = cipher;
    this.#emit = emit;
    this.#frameSize = frameSize;
    this.#headSize = layout === 'record' ? WORD_SIZE : 0;
    this.#aad = Buffer.alloc(aad.length + this.#headSize);
    this.#aad.set(aad);
    this.#unit = this.#headSize + frameSize + TAG_SIZE;
    this.#maxBatch = Math.max(1, Math.floor(MAX_OUTPUT / frameSize));
    this.#detached = cipher.sealDetached !== undefined && frameSize >= DETACHED_FROM;
    this.#count = new SealedCount(bounds);
    this.#memory = memory;
    if (this.#headSize === 0 && isPiecewise(cipher)) {
      this.#pieces = new PieceSealer(cipher, { frameSize, aad: this.#aad, pending: this.#pending });
    }
  }

  /** Frames sealed so far. */
  get frames(): number {
    return this.#count.frames;
  }

  /**
   * Seals every frame that `chunk` fills, and takes the rest.
   *
   * @throws SealpipeError `ERR_SEALPIPE_LIMIT` at the bounds of a stream; TypeError `ERR_SEALPIPE_OPTIONS` if `chunk`
   * loses bytes during the call
   */
  write(chunk: Uint8Array): void {
    this.#assertOpen();
    try {
      this.#write(chunk);
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /**
   * Seals what is pending as a frame of the record layout. If nothing is pending, nothing is emitted.
   *
   * @param record is sealed instead, without a copy, if nothing is pending. It must fit into a frame.
   */
  flush(record?: Uint8Array): void {
    this.#assertOpen();
    try {
      if (this.#headSize === 0) throw new Error('A short frame ends a stream of the fixed layout');
      if (record !== undefined) this.#sealRecord(record);
      else if (this.#pending.length > 0) this.#sealPending(0);
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
    const { length } = chunk;
    assertKept(chunk, length);
    this.#count.take(length);
    let position = 0;
    if (this.#pieces?.isUnderWay) {
      position = this.#pieces.room;
      if (position > length) {
        this.#pieces.add(this.#count.frames, chunk, 0, length);
        return;
      }
      this.#count.next();
      this.#emit(this.#pieces.finish(chunk, position));
    }
    let whole = Math.floor((this.#pending.length + length - position) / size);
    while (whole > 0) {
      assertKept(chunk, length);
      const batch = Math.min(whole, this.#maxBatch);
      position =
        batch === 1 && this.#detached
          ? this.#sealOne(chunk, position)
          : this.#sealBatch(chunk, position, batch);
      whole -= batch;
    }
    if (position >= length) return;
    assertKept(chunk, length);
    if (this.#pieces === undefined) this.#pending.append(chunk, position, length, size);
    else this.#pieces.add(this.#count.frames, chunk, position, length);
  }

  /**
   * Seals the next `count` full frames into one buffer; the first may begin in what is pending. @returns where they end
   */
  #sealBatch(chunk: Uint8Array, start: number, count: number): number {
    const index = this.#count.next(count);
    const end = start + count * this.#frameSize - this.#pending.length;
    const out = this.#memory(count * this.#unit);
    if (this.#headSize === 0 && this.#cipher.sealFrames !== undefined) {
      this.#sealRun(index, viewOf(chunk, start, end), out, 0);
    } else {
      let position = start;
      for (let i = 0; i < count; i++) {
        position = this.#sealNext(index + i, chunk, position, out, i * this.#unit);
      }
    }
    this.#emit(out);
    return end;
  }

  /** Seals one full frame, which may begin in what is pending. @returns where it ends */
  #sealNext(index: number, chunk: Uint8Array, start: number, out: Uint8Array, offset: number): number {
    if (this.#headSize > 0) this.#head(this.#frameSize, 0, out, offset);
    if (this.#pending.length > 0 && this.#cipher.sealFrames !== undefined) {
      const end = start + this.#frameSize - this.#pending.length;
      this.#sealRun(index, viewOf(chunk, start, end), out, offset + this.#headSize);
      return end;
    }
    const end = this.#complete(chunk, start);
    const plaintext = this.#pending.length > 0 ? this.#pending.bytes : viewOf(chunk, start, end);
    this.#cipher.seal(index, this.#aad, plaintext, out, offset + this.#headSize);
    this.#pending.clear();
    return end;
  }

  /** Seals what is pending and `rest`, whole frames together, without a copy. */
  #sealRun(index: number, rest: Uint8Array, out: Uint8Array, offset: number): void {
    const head = this.#pending.bytes;
    this.#cipher.sealFrames!(index, this.#aad, this.#frameSize, head, rest, out, offset);
    this.#pending.clear();
  }

  /** Seals the next full frame into buffers that the cipher allocates. @returns where it ends */
  #sealOne(chunk: Uint8Array, start: number): number {
    const index = this.#count.next();
    const end = this.#complete(chunk, start);
    const plaintext = this.#pending.length > 0 ? this.#pending.bytes : viewOf(chunk, start, end);
    let head: Buffer | undefined;
    if (this.#headSize > 0) {
      head = Buffer.allocUnsafeSlow(WORD_SIZE);
      this.#head(plaintext.length, 0, head, 0);
    }
    const { ciphertext, tag } = this.#cipher.sealDetached!(index, this.#aad, plaintext);
    this.#pending.clear();
    // Not earlier: no word leaves without its frame.
    if (head !== undefined) this.#emit(head);
    this.#emit(ciphertext);
    this.#emit(tag);
    return end;
  }

  /** Completes a pending frame, if there is one, by a copy. @returns where the next frame ends in `chunk` */
  #complete(chunk: Uint8Array, start: number): number {
    const end = start + this.#frameSize - this.#pending.length;
    if (this.#pending.length > 0) this.#pending.append(chunk, start, end, this.#frameSize);
    return end;
  }

  #sealPending(final: number): void {
    const index = final === FINAL ? this.#count.last() : this.#count.next();
    if (this.#pieces?.isUnderWay) {
      this.#emit(this.#pieces.finish());
      return;
    }
    const out = this.#sealed(index, this.#pending.bytes, final);
    this.#pending.clear();
    this.#emit(out);
  }

  #sealRecord(record: Uint8Array): void {
    const isOne = record.length > 0 && record.length <= this.#frameSize;
    if (!isOne || this.#pending.length > 0) throw new Error('These bytes are not one record');
    this.#count.take(record.length);
    this.#emit(this.#sealed(this.#count.next(), record, 0));
  }

  #sealed(index: number, plaintext: Uint8Array, final: number): Buffer {
    const out = this.#memory(this.#headSize + plaintext.length + TAG_SIZE);
    if (this.#headSize > 0) this.#head(plaintext.length, final, out, 0);
    this.#cipher.seal(index, this.#aad, plaintext, out, this.#headSize);
    return out;
  }

  /** Writes a record frame's word into the output and into its associated data. */
  #head(length: number, final: number, out: Uint8Array, offset: number): void {
    writeU32(out, offset, final + length);
    writeU32(this.#aad, this.#aad.length - WORD_SIZE, final + length);
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
