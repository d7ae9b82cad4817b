import { copyOf } from '../bytes.js';
import type { FrameCipher } from '../crypto/aead.js';
import { FrameCount } from '../frames/frame-count.js';
import { notAuthentic, truncated } from '../frames/frame-errors.js';
import type { FrameBounds, FrameLayout } from '../frames/layout.js';
import { FORMAT_BOUNDS } from '../frames/layout.js';
import { TAG_SIZE } from '../suites.js';
import type { FrameBlock } from './frame-block.js';

/** Opens the frames of the fixed layout (FORMAT 6) in place, in a block. */
export class BlockOpener {
  readonly #cipher: FrameCipher;
  readonly #frameSize: number;
  readonly #aad: Buffer;
  readonly #count: FrameCount;

  constructor(
    cipher: FrameCipher,
    { frameSize, aad }: Omit<FrameLayout, 'layout'>,
    bounds: FrameBounds = FORMAT_BOUNDS,
  ) {
    this.#cipher = cipher;
    this.#frameSize = frameSize;
    this.#aad = copyOf(aad);
    this.#count = new FrameCount(bounds);
  }

  /** Frames opened so far. */
  get frames(): number {
    return this.#count.frames;
  }

  /**
   * Opens the first `length` bytes of the block. Plaintext that verified before a fault is emitted before the fault is
   * thrown.
   *
   * @param emit receives non-empty plaintext once its tag has verified: a view of the block
   * @param isLast the stream ends there, and the bytes after the full frames are its last frame; otherwise `length` is
   * a whole number of frames
   * @param done frames of the block that were opened before
   * @throws SealpipeError `ERR_SEALPIPE_AUTHENTICATION`, `_TRUNCATED` or `_LIMIT`
   */
  open(
    { memory, frames, bodies }: FrameBlock,
    length: number,
    isLast: boolean,
    emit: (plaintext: Uint8Array) => void,
    done = 0,
  ): void {
    const unit = this.#frameSize + TAG_SIZE;
    const whole = Math.floor(length / unit);
    for (let i = done; i < whole; i++) {
      this.#open(frames[i]!, memory, i * unit, false);
      emit(bodies[i]!);
    }
    if (!isLast) return;
    const start = whole * unit;
    const end = length - TAG_SIZE;
    if (end < start) throw truncated();
    this.#open(memory.subarray(start, length), memory, start, true);
    if (end > start) emit(memory.subarray(start, end));
  }

  /** Wipes the key. Nothing can be opened afterwards. */
  wipe(): void {
    this.#cipher.wipe();
  }

  #open(sealed: Buffer, memory: Buffer, place: number, atEnd: boolean): void {
    const size = sealed.length - TAG_SIZE;
    this.#count.assertRoom(size);
    if (!this.#cipher.open(this.#count.frames, this.#aad, sealed, memory, place)) throw notAuthentic(atEnd);
    this.#count.add(1, size);
  }
}
