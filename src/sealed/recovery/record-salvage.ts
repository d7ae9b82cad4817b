import { NOTHING } from '../../bytes.js';
import type { StreamHeader } from '../../format/stream-header.js';
import { notAuthentic, trailingData, truncated } from '../../frames/frame-errors.js';
import type { RecordOpener, RecordPlace } from '../../frames/openers/record-opener.js';
import type { HeldSource } from '../../sources/held-source.js';
import { RecordSearch } from './record-search.js';
import type { Salvage, Salvaged } from './salvage.js';

/** Bytes per read. */
const WINDOW = 262_144;

/** Saves frames of the record layout. After damage it searches for the next frame. Index and offset only increase. */
export class RecordSalvage implements Salvage {
  readonly #source: HeldSource;
  readonly #size: number;
  readonly #opener: RecordOpener;
  readonly #search: RecordSearch;
  #place: RecordPlace;
  fault: Salvage['fault'];
  hasEnd = false;
  stopped: Salvage['stopped'] = null;

  constructor(source: HeldSource, size: number, opener: RecordOpener, { preambleSize }: StreamHeader) {
    this.#source = source;
    this.#size = size;
    this.#opener = opener;
    this.#search = new RecordSearch(source, size, opener);
    this.#place = { index: 0, offset: preambleSize, plaintext: 0 };
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
    const window = Math.max(WINDOW, this.#opener.most);
    let held: Uint8Array = NOTHING;
    for (let position = this.#place.offset; position < this.#size; ) {
      const to = Math.min(this.#size, position + window);
      const bytes = await this.#source.read(position, to, stop);
      stop.throwIfAborted();
      position = to;
      held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
      const { plaintext, next, isFinal, fault } = this.#opener.open(this.#place, held);
      const before = this.#place;
      this.#place = next;
      this.#search.addWork(next.offset - before.offset);
      held = held.subarray(next.offset - before.offset);
      if (plaintext.length > 0) yield { kind: 'data', offset: before.plaintext, data: plaintext };
      if (isFinal) {
        this.hasEnd = true;
        return next.offset < this.#size ? trailingData() : undefined;
      }
      if (fault !== undefined) {
        this.#search.addWork(this.#opener.lengthAt(held, 0) ?? 0);
        return fault;
      }
    }
    return this.#opener.mayBegin(held) ? truncated() : notAuthentic();
  }
}

function gapOf(gap: Extract<Salvaged, { kind: 'gap' }>['gap']): Salvaged {
  return { kind: 'gap', gap, fill: 0 };
}
