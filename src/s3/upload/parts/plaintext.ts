import type { PartFiller } from './part-filler.js';

/** How plaintext is read. */
export interface PourTerms {
  /** Aborted with the first error of the session, which ends `pour`. */
  readonly stop: AbortSignal;
  /** Milliseconds without plaintext after which the source has failed; 0: no limit. */
  readonly sourceTimeout: number;
  /** Called when that limit has passed. */
  readonly failed: (error: Error) => void;
}

/** The plaintext of an object, in order. Nothing is read before `pour`. */
export interface Plaintext {
  /** Its length in bytes, if it is known. */
  readonly length: number | undefined;
  /**
   * Fills parts with the whole plaintext, once.
   *
   * @throws (rejects) the first failure; the reason of `stop`
   */
  pour(filler: PartFiller, terms: PourTerms): Promise<void>;
  /** Releases the source if `pour` was never called. */
  discard(error: Error): void;
}
