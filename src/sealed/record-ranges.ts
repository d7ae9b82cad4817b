import { asBuffer, copyOf, NOTHING } from '../bytes.js';
import { notAuthentic, trailingData, truncated } from '../frames/frame-errors.js';
import type { RecordOpener, RecordPlace } from '../frames/record-opener.js';
import type { HeldSource } from '../sources/held-source.js';
import type { Ranges } from './ranges.js';
import { RecordIndex } from './record-index.js';

/** Bytes that are read at once, and read ahead. */
const WINDOW = 262_144;

/** Verified plaintext, and the place where it starts. */
interface Walked {
  readonly plaintext: Buffer;
  readonly start: number;
}

/**
 * Ranges of a stream in the record layout. Where a byte of plaintext lies is known only once every frame before it has
 * verified: the stream is walked from its first frame, and the places that were reached are kept.
 */
export class RecordRanges implements Ranges {
  readonly #source: HeldSource;
  readonly #opener: RecordOpener;
  readonly #index: RecordIndex;
  #size: number | undefined;

  constructor(source: HeldSource, opener: RecordOpener, preambleSize: number) {
    this.#source = source;
    this.#opener = opener;
    this.#index = new RecordIndex({ index: 0, offset: preambleSize, plaintext: 0 });
  }

  async size(stop: AbortSignal): Promise<number> {
    if (this.#size === undefined) {
      for await (const { plaintext } of this.#walk(this.#index.furthest, stop)) plaintext.fill(0);
    }
    return this.#size!;
  }

  async *pieces(start: number, end: number, stop: AbortSignal): AsyncGenerator<Buffer, void, void> {
    if (this.#size !== undefined && start >= this.#size) return;
    for await (const walked of this.#walk(this.#index.before(start), stop)) {
      const from = Math.max(0, start - walked.start);
      const to = Math.min(walked.plaintext.length, end - walked.start);
      const isWhole = from === 0 && to === walked.plaintext.length;
      if (from < to) yield isWhole ? walked.plaintext : copyOf(walked.plaintext.subarray(from, to));
      if (walked.start + walked.plaintext.length >= end) return;
    }
  }

  wipe(): void {}

  /** Verifies everything from a place on, to the end of the stream unless the caller has enough. */
  async *#walk(from: RecordPlace, stop: AbortSignal): AsyncGenerator<Walked, void, void> {
    const size = await this.#source.size(stop);
    let place = from;
    let held: Uint8Array = NOTHING;
    let position = place.offset;
    const readOn = () => {
      const bytes = this.#source.read(position, Math.min(size, position + WINDOW), stop);
      bytes.catch(() => undefined);
      position = Math.min(size, position + WINDOW);
      return bytes;
    };
    let ahead = position < size ? readOn() : undefined;
    try {
      while (ahead !== undefined) {
        const bytes = await ahead;
        ahead = position < size ? readOn() : undefined;
        held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
        const { plaintext, next, isFinal, fault } = this.#opener.open(place, held);
        held = held.subarray(next.offset - place.offset);
        const start = place.plaintext;
        place = next;
        this.#index.add(place);
        const isEnd = isFinal && place.offset === size;
        if (isEnd) this.#size = place.plaintext;
        yield { plaintext, start };
        if (fault !== undefined) throw fault;
        if (isEnd) return;
        if (isFinal) throw trailingData();
      }
    } finally {
      await ahead?.catch(() => undefined);
    }
    throw this.#opener.mayBegin(asBuffer(held)) ? truncated() : notAuthentic();
  }
}
