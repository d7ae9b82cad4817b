import type { PartFiller } from './part-filler.js';

/** How plaintext is poured. */
export interface PourTerms {
  /** Aborted with the first error of the session, which ends the pouring. */
  readonly stop: AbortSignal;
  /** Milliseconds without plaintext after which the source has failed; 0: it may be silent. */
  readonly sourceTimeout: number;
  /** Told that it has. */
  readonly failed: (error: Error) => void;
}

/** Plaintext of an object, in order. Nothing of it is read before it is poured. */
export interface Plaintext {
  /** Bytes, if that is known. */
  readonly length: number | undefined;
  /**
   * Fills parts with all of it, once.
   *
   * @throws (rejects) the first failure; what stopped it
   */
  pour(filler: PartFiller, terms: PourTerms): Promise<void>;
  /** Lets go of it, unless it was poured: then it already has. */
  discard(error: Error): void;
}
