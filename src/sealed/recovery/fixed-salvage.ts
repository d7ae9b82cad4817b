import { copyOf, NOTHING, wipe } from '../../bytes.js';
import { isSealpipeError } from '../../errors.js';
import type { StreamHeader } from '../../format/stream-header.js';
import { notAuthentic } from '../../frames/frame-errors.js';
import type { FrameBounds } from '../../frames/layout.js';
import { FORMAT_BOUNDS } from '../../frames/layout.js';
import type { RandomOpener } from '../../frames/openers/random-opener.js';
import { FramePositions } from '../../frames/positions.js';
import type { HeldSource } from '../../sources/held-source.js';
import { piecesOf } from '../../sources/pieces.js';
import { TAG_SIZE } from '../../suites.js';
import { RUN_SIZE } from '../reading/ranges.js';
import { lastNonZero } from './last-non-zero.js';
import type { Salvage, Salvaged } from './salvage.js';

/** A last frame that verified. */
interface Ending {
  readonly index: number;
  readonly data: Buffer;
  /** Its end in the stream, as an offset. */
  readonly end: number;
}

/** Saves frames of the fixed layout. Each has a known place, whatever happened to the others. */
export class FixedSalvage implements Salvage {
  readonly #source: HeldSource;
  readonly #size: number;
  readonly #opener: RandomOpener;
  readonly #positions: FramePositions;
  readonly #bounds: FrameBounds;
  /** The number of full frames that fit, and of those that may be opened. */
  readonly #full: number;
  readonly #openable: number;
  /** The first frame of the current gap. */
  #missing: number | undefined;
  /** The offset of the last non-zero byte in frames that did not verify. */
  #nonZero = -1;
  fault: Salvage['fault'];
  hasEnd = false;
  readonly stopped = null;

  constructor(
    source: HeldSource,
    size: number,
    opener: RandomOpener,
    header: StreamHeader,
    bounds: FrameBounds = FORMAT_BOUNDS,
  ) {
    this.#source = source;
    this.#size = size;
    this.#opener = opener;
    this.#positions = new FramePositions(header);
    this.#bounds = bounds;
    this.#full = this.#positions.fullFrames(size);
    this.#openable = this.#positions.openable(size, bounds);
  }

  get frames(): number {
    return this.#opener.frames;
  }

  wipe(): void {
    this.#opener.wipe();
  }

  async *pieces(stop: AbortSignal): AsyncGenerator<Salvaged, void, void> {
    const { frameSize } = this.#positions;
    const most = Math.max(1, Math.floor(RUN_SIZE / frameSize));
    const unit = frameSize + TAG_SIZE;
    let index = 0;
    for await (const sealed of piecesOf(
      this.#source,
      this.#positions.start(0),
      this.#positions.start(this.#openable),
      most * unit,
      stop,
    )) {
      stop.throwIfAborted();
      yield* this.#run(index, sealed);
      index += sealed.length / unit;
    }
    yield* this.#end(await this.#lastFrame(stop));
  }

  /** Opens consecutive full frames, and yields those that verify. */
  *#run(first: number, sealed: Uint8Array): Generator<Salvaged, void, void> {
    const { frameSize } = this.#positions;
    const unit = frameSize + TAG_SIZE;
    const count = sealed.length / unit;
    const out = Buffer.allocUnsafeSlow(count * frameSize);
    try {
      for (let at = 0; at < count; ) {
        const opened = this.#opener.openRun(first + at, sealed.subarray(at * unit), out, 0);
        if (opened > 0) {
          yield* this.#gapBefore(first + at);
          const offset = (first + at) * frameSize;
          yield { kind: 'data', offset, data: copyOf(out.subarray(0, opened * frameSize)) };
          at += opened;
        }
        if (at === count) break;
        this.#sawAt(this.#positions.start(first + at), sealed.subarray(at * unit, (at + 1) * unit));
        this.#miss(first + at++, notAuthentic());
      }
    } finally {
      wipe(out);
    }
  }

  /** The last frame, at the place that follows from the size, or before zeros at the end. */
  async #lastFrame(stop: AbortSignal): Promise<Ending | undefined> {
    const start = this.#positions.start(this.#full);
    const refusal = this.#refusal();
    if (isSealpipeError(refusal) && refusal.code === 'ERR_SEALPIPE_LIMIT') {
      this.#miss(this.#openable, refusal);
      return undefined;
    }
    const sealed = start < this.#size ? await this.#read(start, this.#size, stop) : NOTHING;
    if (refusal !== undefined) this.#miss(this.#full, refusal);
    else {
      const data = this.#opener.tryLast(this.#full, sealed);
      if (data !== undefined) return { index: this.#full, data, end: this.#size };
      this.#miss(this.#full, notAuthentic(true));
    }
    this.#sawAt(start, sealed);
    return this.#beforeZeros(this.#missing!, stop);
  }

  /** Why no stream of this size is whole; undefined if one can be. */
  #refusal(): unknown {
    try {
      this.#positions.last(this.#size, this.#bounds);
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /** A power cut may leave zeros after the end. A tag may itself end with zeros. */
  async #beforeZeros(missing: number, stop: AbortSignal): Promise<Ending | undefined> {
    const nonZero = this.#nonZero;
    const most = Math.min(this.#size - 1, nonZero + TAG_SIZE);
    if (nonZero < this.#positions.start(missing) || most <= nonZero) return undefined;
    const from = this.#positions.start(this.#positions.fullFrames(nonZero + 1));
    const sealed = await this.#read(from, most, stop);
    for (let end = nonZero + 1; end <= most; end++) {
      const index = this.#positions.fullFrames(end);
      const start = this.#positions.start(index);
      if (index < missing || end - start < TAG_SIZE) continue;
      const data = this.#opener.tryLast(index, sealed.subarray(start - from, end - from));
      if (data !== undefined) return { index, data, end };
    }
    return undefined;
  }

  async #read(start: number, end: number, stop: AbortSignal): Promise<Uint8Array> {
    const sealed = await this.#source.read(start, end, stop);
    stop.throwIfAborted();
    return sealed;
  }

  #sawAt(offset: number, bytes: Uint8Array): void {
    const last = lastNonZero(bytes);
    if (last >= 0) this.#nonZero = offset + last;
  }

  *#end(ending: Ending | undefined): Generator<Salvaged, void, void> {
    const { frameSize } = this.#positions;
    if (ending !== undefined) {
      const { index, data, end } = ending;
      if (this.#missing !== undefined && this.#missing < index) yield* this.#gapBefore(index);
      this.#missing = undefined;
      this.hasEnd = true;
      if (data.length > 0) yield { kind: 'data', offset: index * frameSize, data };
      if (end < this.#size) {
        const gap = {
          frame: index + 1,
          frames: 0,
          offset: end,
          sealedBytes: this.#size - end,
          plaintextBytes: 0,
        };
        yield { kind: 'gap', gap, fill: 0 };
      }
      return;
    }
    const frame = this.#missing!;
    const offset = Math.min(this.#size, this.#positions.start(frame));
    const gap = { frame, frames: null, offset, sealedBytes: this.#size - offset, plaintextBytes: null };
    const rest = this.#size - this.#positions.start(this.#full) - TAG_SIZE;
    yield { kind: 'gap', gap, fill: (this.#full - frame) * frameSize + Math.max(0, rest) };
  }

  #miss(index: number, error: unknown): void {
    this.#missing ??= index;
    this.fault ??= { error, place: { frame: index, offset: this.#positions.start(index) } };
  }

  *#gapBefore(index: number): Generator<Salvaged, void, void> {
    const frame = this.#missing;
    if (frame === undefined) return;
    this.#missing = undefined;
    const [offset, end] = [this.#positions.start(frame), this.#positions.start(index)];
    const frames = index - frame;
    const plaintextBytes = frames * this.#positions.frameSize;
    const gap = { frame, frames, offset, sealedBytes: end - offset, plaintextBytes };
    yield { kind: 'gap', gap, fill: plaintextBytes };
  }
}
