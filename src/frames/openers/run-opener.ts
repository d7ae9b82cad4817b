import { copyOf, viewOf } from '../../bytes.js';
import type { FrameCipher } from '../../crypto/aead.js';
import { isPiecewise } from '../../crypto/aead.js';
import { TAG_SIZE } from '../../suites.js';
import { assertKept, notAuthentic, truncated } from '../frame-errors.js';
import { MAX_OUTPUT, MIN_PIECE } from '../layout.js';
import type { OpenedFrames } from './opened-frames.js';
import { openOne } from './opened-frames.js';
import { PieceOpener } from './piece-opener.js';

/** A cipher that opens several frames in one call. */
export type RunCipher = FrameCipher & Required<Pick<FrameCipher, 'openFrames'>>;

/** Whether several frames can be opened in one call. */
export function opensRuns(frames: OpenedFrames): frames is OpenedFrames<RunCipher> {
  return frames.cipher.openFrames !== undefined;
}

/**
 * Opens frames of the fixed layout: all full frames of a chunk in one call, and a frame that spans chunks piece by
 * piece.
 */
export class RunOpener {
  readonly #frames: OpenedFrames<RunCipher>;
  readonly #unit: number;
  readonly #most: number;
  readonly #pieces: PieceOpener | undefined;

  constructor(frames: OpenedFrames<RunCipher>) {
    const { cipher, frameSize } = frames;
    this.#frames = frames;
    this.#unit = frameSize + TAG_SIZE;
    this.#most = Math.max(1, Math.floor(MAX_OUTPUT / frameSize));
    this.#pieces = isPiecewise(cipher) ? new PieceOpener(cipher, frames) : undefined;
  }

  /**
   * Opens every full frame that `chunk` completes, and takes the rest.
   *
   * @throws SealpipeError `ERR_SEALPIPE_AUTHENTICATION` or `_LIMIT`
   */
  write(chunk: Uint8Array): void {
    const { count, frameSize, pending } = this.#frames;
    const { length } = chunk;
    assertKept(chunk, length);
    let position = 0;
    if (this.#pieces?.isUnderWay) {
      position = this.#pieces.missing;
      if (position > length) {
        this.#pieces.add(chunk, 0, length);
        return;
      }
      const rest = length - position;
      if (rest >= MIN_PIECE && rest < this.#unit) {
        this.#finishAndAdd(chunk, position);
        return;
      }
      this.#finish(frameSize, chunk, position);
    }
    let whole = Math.floor((pending.length + length - position) / this.#unit);
    while (whole > 0) {
      assertKept(chunk, length);
      const run = count.within(Math.min(whole, this.#most), frameSize);
      const end = position + run * this.#unit - pending.length;
      this.#open(run, viewOf(chunk, position, end));
      position = end;
      whole -= run;
    }
    if (position >= length) return;
    assertKept(chunk, length);
    if (this.#pieces === undefined) pending.append(chunk, position, length, this.#unit);
    else this.#pieces.add(chunk, position, length);
  }

  /**
   * Ends the stream: opens the last frame.
   *
   * @throws SealpipeError `ERR_SEALPIPE_TRUNCATED`, `_AUTHENTICATION` with `atEnd`, or `_LIMIT`
   */
  finish(): void {
    const { count, pending } = this.#frames;
    if (this.#pieces?.isUnderWay) {
      this.#finish(this.#pieces.size);
      return;
    }
    if (pending.length < TAG_SIZE) throw truncated();
    count.assertRoom(pending.length - TAG_SIZE);
    openOne(this.#frames, pending.bytes, true);
  }

  /** Wipes pending bytes and unverified plaintext. */
  wipe(): void {
    this.#frames.pending.wipe();
    this.#pieces?.wipe();
  }

  /** Ends the current frame, of `size` bytes of plaintext, with `chunk[0, to)`. */
  #finish(size: number, chunk?: Uint8Array, to?: number): void {
    const { count, emit } = this.#frames;
    count.assertRoom(size);
    const plaintext = this.#pieces!.finish(chunk, to);
    count.add(1, size);
    emit(plaintext);
  }

  /** Ends the current frame, a full one, with `chunk[0, to)`, and begins the next with the rest. */
  #finishAndAdd(chunk: Uint8Array, to: number): void {
    const { count, emit, frameSize } = this.#frames;
    count.assertRoom(frameSize);
    const plaintext = this.#pieces!.finishAndAdd(chunk, to);
    count.add(1, frameSize);
    emit(plaintext);
  }

  /** Opens `run` full frames, of which the first may begin in what is pending. */
  #open(run: number, rest: Uint8Array): void {
    const { aad, cipher, count, emit, frameSize, pending } = this.#frames;
    const out = Buffer.allocUnsafeSlow(run * frameSize);
    let opened = 0;
    try {
      opened = cipher.openFrames(count.frames, aad, frameSize, pending.bytes, rest, out, 0);
    } catch (error) {
      out.fill(0);
      throw error;
    }
    const length = opened * frameSize;
    pending.clear();
    count.add(opened, length);
    if (opened === run) {
      emit(out);
      return;
    }
    // A copy, because the memory behind it was never written and must not be released.
    const verified = copyOf(out.subarray(0, length));
    out.fill(0);
    if (opened > 0) emit(verified);
    throw notAuthentic();
  }
}
