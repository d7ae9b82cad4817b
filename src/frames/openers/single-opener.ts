import { copyOf, viewOf } from '../../bytes.js';
import { TAG_SIZE } from '../../suites.js';
import { assertKept, notAuthentic, trailingData, truncated } from '../frame-errors.js';
import { FrameLength, ILLEGAL_WORD, NO_WORD } from '../frame-length.js';
import { isFinalWord, MAX_OUTPUT, WORD_SIZE } from '../layout.js';
import type { OpenedFrames } from './opened-frames.js';
import { openOne } from './opened-frames.js';

/** Opens frames one by one: in the record layout, and with a cipher that cannot open several at once. */
export class SingleOpener {
  readonly #frames: OpenedFrames;
  readonly #headSize: number;
  readonly #length: FrameLength;
  /** The final frame of a record stream has been opened. */
  #finalSeen = false;

  constructor(frames: OpenedFrames, headSize: number) {
    this.#frames = frames;
    this.#headSize = headSize;
    this.#length = new FrameLength(headSize, frames.frameSize);
  }

  /**
   * Opens every frame that `chunk` completes and copies the rest.
   *
   * @throws SealpipeError `ERR_SEALPIPE_AUTHENTICATION`, `_TRAILING_DATA` or `_LIMIT`
   */
  write(chunk: Uint8Array): void {
    const { length } = chunk;
    assertKept(chunk, length);
    let position = this.#joinPending(chunk);
    while (position < length) {
      assertKept(chunk, length);
      position = this.#openWhole(chunk, position);
    }
  }

  /**
   * Ends the stream: opens the last frame (fixed layout), or checks that it has been opened (record layout).
   *
   * @throws SealpipeError `ERR_SEALPIPE_TRUNCATED`, or `_AUTHENTICATION` with `atEnd`
   */
  finish(): void {
    if (this.#finalSeen) return;
    const { pending } = this.#frames;
    if (this.#headSize > 0) {
      if (!this.#length.mayBegin(pending.bytes)) throw notAuthentic();
      throw truncated();
    }
    if (pending.length < TAG_SIZE) throw truncated();
    this.#openOne(pending.bytes, true);
  }

  /** Wipes what is pending. */
  wipe(): void {
    this.#frames.pending.wipe();
  }

  /** Completes the frame whose first bytes are pending. @returns how much of `chunk` went into it */
  #joinPending(chunk: Uint8Array): number {
    let position = 0;
    while (this.#frames.pending.length > 0 && position < chunk.length) {
      const length = this.#length.at(this.#frames.pending.bytes, 0);
      const target = length === NO_WORD ? WORD_SIZE : length;
      const end = Math.min(chunk.length, position + target - this.#frames.pending.length);
      const isWhole = this.#frames.pending.length + end - position === target;
      if (
        isWhole &&
        length !== NO_WORD &&
        this.#frames.cipher.openFrames !== undefined &&
        this.#length.plaintext(length) > 0
      ) {
        this.#openJoined(length, viewOf(chunk, position, end));
        return end;
      }
      this.#frames.pending.append(chunk, position, end, this.#length.most);
      position = end;
      if (!isWhole) break;
      if (length === NO_WORD) {
        this.#assertMayFollow(this.#length.at(this.#frames.pending.bytes, 0));
      } else {
        this.#openOne(this.#frames.pending.bytes, false);
        this.#frames.pending.clear();
      }
    }
    return position;
  }

  /** Opens a record frame of `length` bytes that begins in what is pending and ends with `rest`. */
  #openJoined(length: number, rest: Uint8Array): void {
    const size = this.#length.plaintext(length);
    const head = this.#begin(this.#frames.pending.bytes, size);
    const out = Buffer.allocUnsafeSlow(size);
    if (
      this.#frames.cipher.openFrames!(
        this.#frames.count.frames,
        this.#frames.aad,
        size,
        head,
        rest,
        out,
        0,
      ) === 0
    ) {
      throw notAuthentic();
    }
    this.#frames.pending.clear();
    this.#frames.count.add(1, size);
    this.#frames.emit(out);
  }

  /**
   * Opens the whole frames at `start`, up to about 1 MiB of them, or keeps the beginning of a frame. @returns where
   * it stopped
   */
  #openWhole(chunk: Uint8Array, start: number): number {
    if (this.#finalSeen) throw trailingData();
    let end = start;
    let count = 0;
    let plaintext = 0;
    let final = false;
    while (end < chunk.length && !final) {
      const length = this.#length.at(chunk, end);
      if (count === 0) this.#assertMayFollow(length);
      if (length <= NO_WORD || end + length > chunk.length) break;
      const size = this.#length.plaintext(length);
      if (count > 0 && plaintext + size > MAX_OUTPUT) break;
      final = this.#headSize > 0 && isFinalWord(chunk, end);
      plaintext += size;
      end += length;
      count += 1;
    }
    if (count === 0) {
      this.#frames.pending.append(chunk, start, chunk.length, this.#length.most);
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
        if (!this.#frames.cipher.open(this.#frames.count.frames, this.#frames.aad, body, out, written))
          throw notAuthentic();
        this.#frames.count.add(1, plaintext);
        written += plaintext;
        position += length;
      }
    } catch (error) {
      // A copy, because the memory behind it was never written and must not be released.
      const verified = copyOf(out.subarray(0, written));
      out.fill(0);
      if (written > 0) this.#frames.emit(verified);
      throw error;
    }
    this.#frames.emit(out);
  }

  #openOne(frame: Uint8Array, atEnd: boolean): void {
    openOne(this.#frames, this.#begin(frame, this.#length.plaintext(frame.length)), atEnd);
  }

  /**
   * Checks a frame of the record layout by as much of its word as has arrived. A bound that has been reached is
   * reported before a fault of the word (FORMAT 10).
   */
  #assertMayFollow(length: number): void {
    if (this.#headSize === 0) return;
    this.#frames.count.assertRoom(0);
    if (length === ILLEGAL_WORD) throw notAuthentic();
    if (length > NO_WORD) this.#frames.count.assertRoom(this.#length.plaintext(length));
  }

  /**
   * Checks a frame of `size` bytes of plaintext against the bounds, and puts its word into the associated data.
   *
   * @param frame begins with the whole word
   * @returns what follows the word
   */
  #begin(frame: Uint8Array, size: number): Uint8Array {
    this.#frames.count.assertRoom(size);
    if (this.#headSize === 0) return frame;
    this.#frames.aad.set(frame.subarray(0, WORD_SIZE), this.#frames.aad.length - WORD_SIZE);
    if (isFinalWord(frame, 0)) this.#finalSeen = true;
    return frame.subarray(WORD_SIZE);
  }
}
