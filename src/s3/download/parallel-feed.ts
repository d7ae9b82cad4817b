import { throwIfAborted } from '../../abort.js';
import type { RangeTerms } from '../reading/read-range.js';
import { readRange } from '../reading/read-range.js';
import type { Feed, FeedSink } from './feed.js';

/** Largest segment, in bytes. */
const SEGMENT = 8 * 1_048_576;
/** The most bytes of all segments in flight. */
const MOST_MEMORY = 256 * 1_048_576;
/** Bytes that the sink receives at once. */
const SLICE = 1_048_576;

/** The most ranges that may be in flight: each of them needs its own memory. */
export const MOST_RANGES = MOST_MEMORY / SLICE;

/** A segment of the object that is being read into memory. */
interface Segment {
  readonly memory: Buffer;
  readonly arrived: Promise<number>;
}

/** Reads several ranges at once, each into its own memory, and passes them on in order. */
export class ParallelFeed implements Feed {
  readonly #terms: RangeTerms;
  readonly #sink: FeedSink;
  readonly #concurrency: number;
  readonly #segmentSize: number;
  readonly #free: Buffer[] = [];
  readonly #coming: Segment[] = [];
  #size = 0;
  #next = 0;
  #isStopped = false;
  #wanted: (() => void) | undefined;

  constructor(terms: RangeTerms, sink: FeedSink, concurrency: number) {
    this.#terms = terms;
    this.#sink = sink;
    this.#concurrency = concurrency;
    this.#segmentSize = Math.min(SEGMENT, Math.floor(MOST_MEMORY / concurrency));
  }

  async begin(): Promise<number> {
    const memory = Buffer.allocUnsafeSlow(this.#segmentSize);
    const length = await readRange(memory, 0, this.#terms);
    this.#size = this.#terms.reads.pin?.size ?? 0;
    this.#next = length;
    this.#coming.push({ memory, arrived: Promise.resolve(length) });
    this.#run().catch((error) => {
      if (!this.#isStopped) this.#sink.fail(error);
    });
    return this.#size;
  }

  want(): void {
    this.#wanted?.();
    this.#wanted = undefined;
  }

  stop(): void {
    this.#isStopped = true;
    this.want();
  }

  async #run(): Promise<void> {
    for (;;) {
      while (this.#coming.length < this.#concurrency && this.#next < this.#size) this.#fetch();
      const [segment] = this.#coming;
      if (segment === undefined) {
        this.#sink.end();
        return;
      }
      const length = await segment.arrived;
      await this.#give(segment.memory.subarray(0, length));
      if (this.#isStopped) return;
      this.#coming.shift();
      this.#free.push(segment.memory);
    }
  }

  #fetch(): void {
    const start = this.#next;
    const memory = this.#free.pop() ?? Buffer.allocUnsafeSlow(this.#segmentSize);
    this.#next = Math.min(this.#size, start + this.#segmentSize);
    const resumes = this.#terms.resumes.another();
    const arrived = readRange(memory.subarray(0, this.#next - start), start, { ...this.#terms, resumes });
    // A rejection is handled when the segment is next, so it must not count as unhandled before.
    arrived.catch(() => undefined);
    this.#coming.push({ memory, arrived });
  }

  async #give(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; at += SLICE) {
      if (this.#isStopped) return;
      const goesOn = this.#sink.take(bytes.subarray(at, at + SLICE));
      if (goesOn || this.#isStopped) continue;
      await new Promise<void>((resolve) => {
        this.#wanted = resolve;
      });
    }
    throwIfAborted(this.#terms.signal);
  }
}
