import type { StreamHeader } from '../../format/stream-header.js';
import { notAuthentic, trailingData, truncated } from '../../frames/frame-errors.js';
import { WORD_SIZE } from '../../frames/layout.js';
import type { RecordOpener, RecordPlace } from '../../frames/openers/record-opener.js';
import type { HeldSource } from '../../sources/held-source.js';
import { RecordSearch } from './record-search.js';
import type { Salvage, Salvaged } from './salvage.js';
import { SlidingWindow } from './sliding-window.js';

/** The most bytes that are opened at once, if a frame is not longer. */
const MOST_AT_ONCE = 262_144;

/** Saves frames of the record layout. After damage it searches for the next frame. Index and offset only increase. */
export class RecordSalvage implements Salvage {
  readonly #window: SlidingWindow;
  readonly #size: number;
  readonly #opener: RecordOpener;
  readonly #search: RecordSearch;
  #place: RecordPlace;
  fault: Salvage['fault'];
  hasEnd = false;
  stopped: Salvage['stopped'] = null;

  constructor(source: HeldSource, size: number, opener: RecordOpener, { preambleSize }: StreamHeader) {
    // A head that was kept elsewhere may be longer than all that is left of the stream.
    const start = Math.min(size, preambleSize);
    this.#window = new SlidingWindow(source, size, start);
    this.#size = size;
    this.#opener = opener;
    this.#search = new RecordSearch(this.#window, size, opener);
    this.#place = { index: 0, offset: start, plaintext: 0 };
  }

  get frames(): number {
    return this.#opener.frames;
  }

  wipe(): void {
    this.#opener.wipe();
  }

  async *pieces(stop: AbortSignal): AsyncGenerator<Salvaged, void, void> {
    for (;;) {
      const error = yield* this.#walk(stop);
      if (error === undefined) return;
      this.fault ??= { error, place: { frame: this.#place.index, offset: this.#place.offset } };
      const { index: frame, offset, plaintext } = this.#place;
      if (this.hasEnd) {
        yield gapOf({ frame, frames: 0, offset, sealedBytes: this.#size - offset, plaintextBytes: 0 });
        return;
      }
      const result = await this.#search.behind(this.#place, stop);
      if (result.found === undefined) {
        this.stopped = result.stopped;
        yield gapOf({ frame, frames: null, offset, sealedBytes: this.#size - offset, plaintextBytes: null });
        return;
      }
      const frames = result.found.index - frame;
      const sealedBytes = result.found.offset - offset;
      yield gapOf({ frame, frames, offset, sealedBytes, plaintextBytes: frames === 0 ? 0 : null });
      this.#place = { ...result.found, plaintext };
    }
  }

  /**
   * Yields the frames that verify from the place on. @returns the fault that a reader finds there; undefined at the end
   */
  async *#walk(stop: AbortSignal): AsyncGenerator<Salvaged, unknown, void> {
    const { most } = this.#opener;
    // At most twice of what has just verified, so that a frame between damage does not cost as much as many do.
    let atOnce = 0;
    for (;;) {
      const before = this.#place;
      this.#window.startAt(before.offset);
      await this.#window.readTo(before.offset + most, stop);
      stop.throwIfAborted();
      const first = this.#opener.lengthAt(this.#window.view(before.offset, before.offset + WORD_SIZE), 0);
      const bytes = this.#window.view(before.offset, before.offset + Math.max(first ?? WORD_SIZE, atOnce));
      const { plaintext, next, isFinal, fault } = this.#opener.open(before, bytes);
      this.#place = next;
      const opened = next.offset - before.offset;
      this.#search.addWork(opened);
      if (plaintext.length > 0) yield { kind: 'data', offset: before.plaintext, data: plaintext };
      if (isFinal) {
        this.hasEnd = true;
        return next.offset < this.#size ? trailingData() : undefined;
      }
      const rest = bytes.subarray(opened);
      if (fault !== undefined) {
        this.#search.addWork(this.#opener.lengthAt(rest, 0) ?? 0);
        return fault;
      }
      if (opened === 0) return this.#opener.mayBegin(rest) ? truncated() : notAuthentic();
      atOnce = Math.min(MOST_AT_ONCE, opened * 2);
    }
  }
}

function gapOf(gap: Extract<Salvaged, { kind: 'gap' }>['gap']): Salvaged {
  return { kind: 'gap', gap, fill: 0 };
}
