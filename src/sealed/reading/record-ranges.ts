import { throwIfAborted } from '../../abort.js';
import { copyOf, NOTHING, wipe } from '../../bytes.js';
import type { StreamHeader } from '../../format/stream-header.js';
import { notAuthentic, trailingData, truncated } from '../../frames/frame-errors.js';
import { WORD_SIZE } from '../../frames/layout.js';
import type { RecordOpener, RecordPlace } from '../../frames/openers/record-opener.js';
import { plaintextGuard } from '../../session/setup/open-setup.js';
import type { HeldSource } from '../../sources/held-source.js';
import type { Ranges } from './ranges.js';
import { RUN_SIZE } from './ranges.js';
import { RecordIndex } from './record-index.js';

/** Bytes per read, and bytes read ahead. */
const WINDOW = RUN_SIZE;
/** Bytes of the first read, which may be enough for a short range. */
const FIRST_READ = 262_144;

/** Verified plaintext and its position. */
interface Walked {
  readonly plaintext: Buffer;
  readonly start: number;
}

/**
 * Ranges of a stream in the record layout. The position of a plaintext byte is known only after every frame before it
 * has verified, so the stream is read from its first frame, and places on the way are remembered.
 */
export class RecordRanges implements Ranges {
  readonly #source: HeldSource;
  readonly #opener: RecordOpener;
  readonly #index: RecordIndex;
  readonly #window: number;
  readonly #assertMayHold: (plaintext: Uint8Array) => void;
  #size: number | undefined;

  constructor(source: HeldSource, opener: RecordOpener, header: StreamHeader) {
    this.#source = source;
    this.#opener = opener;
    this.#index = new RecordIndex({ index: 0, offset: header.preambleSize, plaintext: 0 });
    this.#window = Math.max(WINDOW, opener.most);
    this.#assertMayHold = plaintextGuard(header, () => undefined);
  }

  async size(stop: AbortSignal): Promise<number> {
    if (this.#size === undefined) {
      const walk = this.#walk(this.#index.furthest, Number.POSITIVE_INFINITY, stop);
      for await (const { plaintext } of walk) wipe(plaintext);
    }
    return this.#size!;
  }

  async *pieces(start: number, end: number, stop: AbortSignal): AsyncGenerator<Buffer, void, void> {
    if (this.#size !== undefined && start >= this.#size) return;
    for await (const walked of this.#walk(this.#index.before(start), end, stop)) {
      const { plaintext } = walked;
      const from = Math.max(0, start - walked.start);
      const to = Math.min(plaintext.length, end - walked.start);
      if (from === 0 && to === plaintext.length) {
        yield plaintext;
        continue;
      }
      const wanted = from < to ? copyOf(plaintext.subarray(from, to)) : undefined;
      wipe(plaintext);
      if (wanted !== undefined) yield wanted;
    }
  }

  wipe(): void {}

  /** How many more bytes the frame that begins with `held` needs, limited to those that the source has. */
  #missing(held: Uint8Array, bytes: Uint8Array): number {
    const length = this.#opener.lengthAt(held, 0) ?? WORD_SIZE;
    return Math.min(bytes.length, length - held.length);
  }

  /** Verifies everything from a place up to `end` of the plaintext, or to the end of the stream. */
  async *#walk(from: RecordPlace, end: number, stop: AbortSignal): AsyncGenerator<Walked, void, void> {
    const size = await this.#source.size(stop);
    let place = from;
    let held: Uint8Array = NOTHING;
    let position = place.offset;
    let step = FIRST_READ;
    const readOn = (): Promise<Uint8Array> | undefined => {
      if (position >= size) return undefined;
      const start = position;
      position = Math.min(size, start + step);
      step = this.#window;
      const bytes = this.#source.read(start, position, stop);
      bytes.catch(() => undefined);
      return bytes;
    };
    let ahead = readOn();
    try {
      while (ahead !== undefined) {
        let bytes = await ahead;
        throwIfAborted(stop);
        ahead = undefined;
        while (bytes.length > 0) {
          // For a frame that began in an earlier read, only the missing bytes are copied.
          const taken = held.length === 0 ? bytes.length : this.#missing(held, bytes);
          const frames = held.length === 0 ? bytes : Buffer.concat([held, bytes.subarray(0, taken)]);
          const { plaintext, next, isFinal, fault } = this.#opener.open(place, frames);
          if (plaintext.length > 0) this.#assertMayHold(plaintext);
          held = frames.subarray(next.offset - place.offset);
          bytes = bytes.subarray(taken);
          const start = place.plaintext;
          place = next;
          // Nothing behind the final frame is a frame, so no walk may begin there.
          if (!isFinal) this.#index.add(place);
          const isEnd = isFinal && place.offset === size;
          if (isEnd) this.#size = place.plaintext;
          const isEnough = isEnd || place.plaintext >= end;
          if (bytes.length === 0 && !isEnough && !isFinal && fault === undefined) ahead = readOn();
          yield { plaintext, start };
          if (isEnough) return;
          if (fault !== undefined) throw fault;
          if (isFinal) throw trailingData();
        }
      }
    } finally {
      await ahead?.catch(() => undefined);
    }
    throw this.#opener.mayBegin(held) ? truncated() : notAuthentic();
  }
}
