import { ByteGatherer, viewOf } from '../../bytes.js';
import type { StreamHeader } from '../../format/stream-header.js';
import { FrameLength, ILLEGAL_WORD, NO_WORD } from '../../frames/frame-length.js';
import { WORD_SIZE } from '../../frames/layout.js';

/** Opens frames. */
interface FrameTaker {
  write(chunk: Uint8Array): void;
  finish(): void;
}

/**
 * Passes sealed bytes on in whole frames, so that a frame whose connection broke can be dropped and read again.
 * Anything that is not a frame is passed on unchanged, so that the opener refuses it.
 */
export class FrameGatherer {
  readonly #frames: FrameTaker;
  readonly #length: FrameLength;
  readonly #isRecord: boolean;
  readonly #pending = new ByteGatherer();

  constructor(frames: FrameTaker, { layout, frameSize }: Pick<StreamHeader, 'layout' | 'frameSize'>) {
    this.#frames = frames;
    this.#isRecord = layout === 'record';
    this.#length = new FrameLength(this.#isRecord ? WORD_SIZE : 0, frameSize);
  }

  /** Bytes of the incomplete frame. */
  get pending(): number {
    return this.#pending.length;
  }

  /** @throws the error of the opener */
  write(chunk: Uint8Array): void {
    const start = this.#pending.length === 0 ? 0 : this.#join(chunk);
    const end = this.#wholeFrames(chunk, start);
    if (end > start) this.#frames.write(viewOf(chunk, start, end));
    if (end < chunk.length) this.#pending.append(chunk, end, chunk.length, this.#length.most);
  }

  /** Ends the object. @throws the error of the opener */
  finish(): void {
    if (this.#pending.length > 0) this.#frames.write(this.#pending.bytes);
    this.#pending.clear();
    this.#frames.finish();
  }

  /** Drops the incomplete frame. @returns its number of bytes */
  forget(): number {
    const { length } = this.#pending;
    this.#pending.clear();
    return length;
  }

  /** Completes the incomplete frame. @returns how much of `chunk` went into it */
  #join(chunk: Uint8Array): number {
    let taken = 0;
    if (this.#isRecord && this.#pending.length < WORD_SIZE) {
      taken = Math.min(chunk.length, WORD_SIZE - this.#pending.length);
      this.#pending.append(chunk, 0, taken, this.#length.most);
    }
    const length = this.#length.at(this.#pending.bytes, 0);
    if (length === NO_WORD) return taken;
    const missing = length === ILLEGAL_WORD ? 0 : length - this.#pending.length;
    const end = taken + Math.min(missing, chunk.length - taken);
    if (end > taken) this.#pending.append(chunk, taken, end, this.#length.most);
    if (end - taken < missing) return end;
    this.#frames.write(this.#pending.bytes);
    this.#pending.clear();
    return end;
  }

  /** The end of the last whole frame of `chunk`. */
  #wholeFrames(chunk: Uint8Array, start: number): number {
    if (!this.#isRecord) return chunk.length - ((chunk.length - start) % this.#length.most);
    let end = start;
    while (end < chunk.length) {
      const length = this.#length.at(chunk, end);
      if (length === ILLEGAL_WORD) return chunk.length;
      if (length === NO_WORD || end + length > chunk.length) return end;
      end += length;
    }
    return end;
  }
}
