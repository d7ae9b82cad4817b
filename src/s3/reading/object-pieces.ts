import type { S3ClientLike } from '../client-like.js';
import type { Pace } from '../store/pace.js';
import { StoreCalls } from '../store/store-calls.js';
import type { ObjectPin } from './object-pin.js';
import type { ObjectPlace } from './object-place.js';
import { ObjectReads } from './object-reads.js';
import { readRange } from './read-range.js';
import { Resumes } from './resumes.js';

/** Reads one state of an object into the caller's memory, piece by piece. */
export class ObjectPieces {
  readonly #reads: ObjectReads;
  readonly #calls: StoreCalls;
  readonly #pace: Pace;
  readonly #signal: AbortSignal;

  constructor(
    client: S3ClientLike,
    place: ObjectPlace,
    { pace, signal }: { readonly pace: Pace; readonly signal: AbortSignal },
  ) {
    this.#reads = new ObjectReads(place);
    this.#calls = new StoreCalls(client, { signal, pace });
    this.#pace = pace;
    this.#signal = signal;
  }

  /** The state that is read; undefined before the first piece, and for an empty object. */
  get pin(): ObjectPin | undefined {
    return this.#reads.pin;
  }

  /** Fills memory from `start` on. @returns a view of the bytes read @throws (rejects) like `readRange` */
  async read(memory: Uint8Array, start: number): Promise<Uint8Array> {
    const length = await readRange(memory, start, {
      reads: this.#reads,
      calls: this.#calls,
      resumes: new Resumes(this.#pace),
      stallAfter: this.#pace.stallAfter,
      signal: this.#signal,
    });
    return memory.subarray(0, length);
  }
}
