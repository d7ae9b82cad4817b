import { ByteGatherer, viewOf } from '../../bytes.js';
import type { StreamHeader } from '../../format/stream-header.js';
import { FrameLength, ILLEGAL_WORD, NO_WORD } from '../../frames/frame-length.js';
import { WORD_SIZE } from '../../frames/layout.js';

/** What opens frames. */
interface FrameTaker {
  write(chunk: Uint8Array): void;
  finish(): void;
}

/**
 * Hands sealed bytes on in whole frames, so that a frame whose connection broke can be forgotten and read again. What is
 * no frame is handed on as it is, for the opener to judge.
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

  /** Bytes of a frame that is there in part. */
  get pending(): number {
    return this.#pending.length;
  }

  /** @throws what the opener throws */
  write(chunk: Uint8Array): void {
    const start = this.#pending.length === 0 ? 0 : this.#join(chunk);
    const end = this.#wholeFrames(chunk, start);
    if (end > start) this.#frames.write(viewOf(chunk, start, end));
    if (end < chunk.length) this.#pending.append(chunk, end, chunk.length, this.#length.most);
  }

  /** The object ends here. @throws what the opener throws */
  finish(): void {
    if (this.#pending.length > 0) this.#frames.write(this.#pending.bytes);
    this.#pending.clear();
    this.#frames.finish();
  }

  /** Forgets the frame that is there in part. @returns its bytes */
  forget(): number {
    const { length } = this.#pending;
    this.#pending.clear();
    return length;
  }

  /** Completes the frame that is there in part. @returns how much of `chunk` went into it */
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

  /** Where the last whole frame of `chunk` ends. */
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
