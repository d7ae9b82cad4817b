import { throwIfAborted } from '../../abort.js';
import { copyOf, ownMemory, wipe } from '../../bytes.js';
import type { StreamHeader } from '../../format/stream-header.js';
import { notAuthentic } from '../../frames/frame-errors.js';
import type { RandomOpener } from '../../frames/openers/random-opener.js';
import type { LastFrame } from '../../frames/positions.js';
import { FramePositions } from '../../frames/positions.js';
import type { ReadMemory } from '../../sources/file-source.js';
import type { HeldSource } from '../../sources/held-source.js';
import { TAG_SIZE } from '../../suites.js';
import { FrameCache } from './frame-cache.js';
import type { Ranges } from './ranges.js';
import { RUN_SIZE } from './ranges.js';
import { RunMemory } from './run-memory.js';

/** A run of frames, `last` included, and the part of their plaintext that is needed. */
interface Run {
  readonly first: number;
  readonly last: number;
  readonly start: number;
  readonly end: number;
}

/** The sealed bytes of a run, or its plaintext if that was cached. */
type Fetched = { readonly sealed: Uint8Array } | { readonly plaintext: Buffer };

/** Ranges of a stream in the fixed layout. Only the frames of a range are read, and each is verified by itself. */
export class FixedRanges implements Ranges {
  readonly #source: HeldSource;
  readonly #opener: RandomOpener;
  readonly #positions: FramePositions;
  readonly #cache: FrameCache;
  #lastVerified = false;

  constructor(source: HeldSource, opener: RandomOpener, header: StreamHeader, cacheSize: number) {
    this.#source = source;
    this.#opener = opener;
    this.#positions = new FramePositions(header);
    this.#cache = new FrameCache(cacheSize);
  }

  async size(stop: AbortSignal): Promise<number> {
    const last = await this.#last(stop);
    if (!this.#lastVerified) await this.#verifyLast(last, stop);
    return last.plaintext;
  }

  async *pieces(start: number, end: number, stop: AbortSignal): AsyncGenerator<Buffer, void, void> {
    const full = this.#positions.openable(await this.#source.size(stop));
    // Full frames verify on their own. Everything after them depends on the length (FORMAT 6, "Parts").
    const last = end <= full * this.#positions.frameSize ? undefined : await this.#last(stop);
    const known = last === undefined || end <= last.plaintext ? end : await this.size(stop);
    const runs = this.#runs(start, Math.min(end, known));
    const memory = new RunMemory();
    let next = runs.next();
    let ahead = next.done ? undefined : this.#fetch(next.value, last, stop, memory.next());
    try {
      while (!next.done && ahead !== undefined) {
        const run = next.value;
        const fetched = await ahead;
        throwIfAborted(stop);
        next = runs.next();
        ahead = next.done ? undefined : this.#fetch(next.value, last, stop, memory.next());
        if ('plaintext' in fetched) yield fetched.plaintext;
        else yield* this.#open(run, fetched.sealed, last);
      }
    } finally {
      const left = await ahead?.catch(() => undefined);
      if (left !== undefined && 'plaintext' in left) wipe(left.plaintext);
    }
  }

  wipe(): void {
    this.#cache.wipe();
  }

  async #last(stop: AbortSignal): Promise<LastFrame> {
    return this.#positions.last(await this.#source.size(stop));
  }

  *#runs(start: number, end: number): Generator<Run, void, void> {
    const { frameSize } = this.#positions;
    const most = Math.max(1, Math.floor(RUN_SIZE / frameSize));
    for (let at = start; at < end; ) {
      const first = this.#positions.indexOf(at);
      const until = Math.min(end, (first + most) * frameSize);
      yield { first, last: this.#positions.indexOf(until - 1), start: at, end: until };
      at = until;
    }
  }

  /** A rejection is handled when its run is needed, so it must not count as unhandled before. */
  #fetch(run: Run, last: LastFrame | undefined, stop: AbortSignal, memory: ReadMemory): Promise<Fetched> {
    const fetched = this.#fetchNow(run, last, stop, memory);
    fetched.catch(() => undefined);
    return fetched;
  }

  async #fetchNow(
    { first, last: until, start, end }: Run,
    last: LastFrame | undefined,
    stop: AbortSignal,
    memory: ReadMemory,
  ): Promise<Fetched> {
    const kept = first === until ? this.#cache.get(first) : undefined;
    if (kept !== undefined) {
      const before = first * this.#positions.frameSize;
      return { plaintext: copyOf(kept.subarray(start - before, end - before)) };
    }
    const sealedEnd = until === last?.index ? last.end : this.#positions.start(until + 1);
    return { sealed: await this.#source.read(this.#positions.start(first), sealedEnd, stop, memory) };
  }

  async #verifyLast(last: LastFrame, stop: AbortSignal): Promise<void> {
    const sealed = await this.#source.read(last.start, last.end, stop);
    this.#cache.add(last.index, this.#openOne(last.index, sealed, last));
  }

  /** Opens the needed part of a run. Whole frames go straight into the result; a partly needed frame is cached. */
  *#open(
    { first, start, end }: Run,
    sealed: Uint8Array,
    last: LastFrame | undefined,
  ): Generator<Buffer, void, void> {
    const { frameSize } = this.#positions;
    const sealedFrom = this.#positions.start(first);
    const place = (index: number) => this.#positions.start(index) - sealedFrom;
    const out = Buffer.allocUnsafeSlow(end - start);
    let at = start;
    try {
      while (at < end) {
        const index = this.#positions.indexOf(at);
        const inFrame = at - index * frameSize;
        const count = inFrame > 0 ? 0 : Math.floor((end - at) / frameSize);
        if (count > 0) {
          const opened = this.#opener.openRun(
            index,
            sealed.subarray(place(index), place(index + count)),
            out,
            at - start,
          );
          at += opened * frameSize;
          if (opened < count) throw notAuthentic();
        } else {
          const kept = this.#cache.get(index);
          const frame = kept ?? this.#openOne(index, sealed.subarray(place(index)), last);
          at += frame.copy(out, at - start, inFrame, Math.min(frame.length, inFrame + end - at));
          if (kept === undefined) this.#cache.add(index, frame);
        }
      }
    } catch (error) {
      const verified = copyOf(out.subarray(0, at - start));
      wipe(out);
      if (verified.length > 0) yield verified;
      throw error;
    }
    yield out;
  }

  /** Opens one frame, possibly the last, from the beginning of `sealed`. */
  #openOne(index: number, sealed: Uint8Array, last: LastFrame | undefined): Buffer {
    if (index === last?.index) {
      const plaintext = this.#opener.openLast(index, sealed.subarray(0, last.length + TAG_SIZE));
      this.#lastVerified = true;
      return plaintext;
    }
    const { frameSize } = this.#positions;
    const plaintext = ownMemory(frameSize);
    if (this.#opener.openRun(index, sealed.subarray(0, frameSize + TAG_SIZE), plaintext, 0) === 0)
      throw notAuthentic();
    return plaintext;
  }
}
