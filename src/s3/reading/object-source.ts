import { unlessAborted } from '../../abort.js';
import type { VersionedSource } from '../../sources/versioned-source.js';
import { RENEW } from '../../sources/versioned-source.js';
import type { S3ClientLike } from '../client-like.js';
import type { Pace } from '../store/pace.js';
import type { Retry } from '../store/store-calls.js';
import { StoreCalls } from '../store/store-calls.js';
import type { ObjectPlace } from './object-place.js';
import { ObjectReads } from './object-reads.js';
import { readRange } from './read-range.js';
import { Resumes } from './resumes.js';

/** Bytes of the first request: more than most preambles have. */
const FIRST_READ = 65_536;

/** One version of the object, and its first bytes. */
interface Version {
  readonly reads: ObjectReads;
  readonly head: Buffer;
  readonly size: number;
}

/** A first request that may have several waiters. */
interface FirstRead {
  readonly version: Promise<Version>;
  /** Of the waiter that began it. */
  readonly signal: AbortSignal;
}

/** How an object is read. */
export interface ObjectSourceTerms {
  readonly pace: Pace;
  /** Called before a request is sent again, and before a read resumes. */
  readonly onRetry?: ((retry: Retry) => void) | undefined;
  /** Bytes of the first request. */
  readonly firstRead?: number;
}

/** An object that can be read at any position. Its methods are bound, so they can be called on their own. */
export class ObjectSource implements VersionedSource {
  readonly #place: ObjectPlace;
  readonly #pace: Pace;
  readonly #onRetry: ((retry: Retry) => void) | undefined;
  readonly #firstRead: number;
  #calls: StoreCalls;
  #first: FirstRead | undefined;

  constructor(
    client: S3ClientLike,
    place: ObjectPlace,
    { pace, onRetry, firstRead = FIRST_READ }: ObjectSourceTerms,
  ) {
    this.#place = place;
    this.#pace = pace;
    this.#onRetry = onRetry;
    this.#firstRead = firstRead;
    this.#calls = new StoreCalls(client, { signal: new AbortController().signal, pace, onRetry });
  }

  /** The size of the object in bytes. @throws (rejects) like `readRange` */
  readonly size = async (signal: AbortSignal): Promise<number> => (await this.#current(signal)).size;

  /** The bytes from `start` to `end`. @throws (rejects) like `readRange` */
  readonly read = async (start: number, end: number, signal: AbortSignal): Promise<Uint8Array> => {
    const { reads, head } = await this.#current(signal);
    if (end <= head.length) return head.subarray(start, end);
    const memory = Buffer.allocUnsafeSlow(end - start);
    const length = await this.#fill(memory, start, reads, signal);
    return memory.subarray(0, length);
  };

  /** Switches to the current version. @returns its size @throws (rejects) like `readRange` */
  readonly [RENEW] = async (signal: AbortSignal): Promise<number> => {
    const version = await this.#begin(signal);
    this.#first = { version: Promise.resolve(version), signal };
    return version.size;
  };

  /** The state of the first response; a failed response decides nothing. */
  async #current(signal: AbortSignal): Promise<Version> {
    for (;;) {
      const first = (this.#first ??= this.#shared(signal));
      try {
        return await unlessAborted(first.version, signal);
      } catch (error) {
        // If the waiter that began the read is aborted, only its own wait ends.
        if (signal.aborted || !first.signal.aborted) throw error;
      }
    }
  }

  #shared(signal: AbortSignal): FirstRead {
    const version = this.#begin(signal).catch((error: unknown) => {
      if (this.#first === first) this.#first = undefined;
      throw error;
    });
    const first = { version, signal };
    return first;
  }

  async #begin(signal: AbortSignal): Promise<Version> {
    const reads = new ObjectReads(this.#place);
    const memory = Buffer.allocUnsafeSlow(this.#firstRead);
    const length = await this.#fill(memory, 0, reads, signal);
    return { reads, head: memory.subarray(0, length), size: reads.pin?.size ?? 0 };
  }

  #fill(memory: Buffer, start: number, reads: ObjectReads, signal: AbortSignal): Promise<number> {
    // These calls are kept because they remember the region of the bucket.
    const calls = this.#calls.under(signal);
    this.#calls = calls;
    const { stallAfter } = this.#pace;
    const resumes = new Resumes(this.#pace, this.#onRetry);
    return readRange(memory, start, { reads, calls, resumes, stallAfter, signal });
  }
}
