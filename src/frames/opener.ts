import { ByteGatherer } from '../bytes.js';
import type { FrameCipher } from '../crypto/aead.js';
import { FrameCount } from './frame-count.js';
import type { FrameBounds, FrameLayout } from './layout.js';
import { FORMAT_BOUNDS, WORD_SIZE } from './layout.js';
import type { OpenedFrames } from './openers/opened-frames.js';
import { opensRuns, RunOpener } from './openers/run-opener.js';
import { SingleOpener } from './openers/single-opener.js';

const OPEN = 0;
const ENDED = 1;
const FAILED = 2;

/**
 * Cuts a sealed stream into frames and opens them (FORMAT 6). Knows no stream and no particular cipher.
 *
 * Plaintext is emitted only after its frame's tag has verified, and everything that verified before a fault of the
 * stream is emitted before the fault is thrown (if the cipher itself fails, what it opened in that call is wiped).
 * Whole frames of one chunk are opened from where they lie; a frame that spans chunks is opened piece by piece if
 * layout and cipher allow it, and copied as it arrives if they do not. The first error sticks.
 */
export class FrameOpener {
  readonly #frames: OpenedFrames;
  readonly #opener: RunOpener | SingleOpener;
  #state = OPEN;
  #error: unknown;

  constructor(
    cipher: FrameCipher,
    { layout, frameSize, aad }: FrameLayout,
    emit: (bytes: Uint8Array) => void,
    bounds: FrameBounds = FORMAT_BOUNDS,
  ) {
    const headSize = layout === 'record' ? WORD_SIZE : 0;
    const room = Buffer.alloc(aad.length + headSize);
    room.set(aad);
    this.#frames = {
      cipher,
      frameSize,
      aad: room,
      count: new FrameCount(bounds),
      pending: new ByteGatherer(),
      emit,
    };
    this.#opener =
      headSize === 0 && opensRuns(this.#frames)
        ? new RunOpener(this.#frames)
        : new SingleOpener(this.#frames, headSize);
  }

  /** Frames opened so far. */
  get frames(): number {
    return this.#frames.count.frames;
  }

  /**
   * Opens every frame that `chunk` completes, and takes the rest.
   *
   * @throws SealpipeError `ERR_SEALPIPE_AUTHENTICATION`, `_TRAILING_DATA` or `_LIMIT`
   */
  write(chunk: Uint8Array): void {
    this.#assertNotOver();
    try {
      this.#opener.write(chunk);
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /**
   * Ends the stream: opens the last frame (fixed layout), or checks that it has been opened (record layout).
   *
   * @throws SealpipeError `ERR_SEALPIPE_TRUNCATED`, or `_AUTHENTICATION` with `atEnd`
   */
  finish(): void {
    this.#assertNotOver();
    try {
      this.#opener.finish();
      this.#state = ENDED;
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** Wipes the key and what is pending. Nothing can be opened afterwards. */
  wipe(): void {
    this.#frames.cipher.wipe();
    this.#opener.wipe();
    if (this.#state === OPEN) this.#state = ENDED;
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
