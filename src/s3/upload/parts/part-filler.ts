import { throwIfAborted } from '../../../abort.js';
import type { RunSealer } from '../../../blocks/run-sealer.js';
import type { SealSession } from '../../../session/seal-session.js';
import type { SendPart } from './part-flights.js';
import { PartFlights } from './part-flights.js';
import type { PartPlan } from './part-plan.js';

/** The inputs of a filler. */
export interface FillTerms {
  readonly session: SealSession<RunSealer>;
  readonly preamble: Uint8Array;
  readonly plan: PartPlan;
  readonly concurrency: number;
  readonly send: SendPart;
  /** Called after plaintext was sealed. */
  readonly taken: () => void;
}

/**
 * Seals plaintext, as it arrives, straight into the memory of parts. A full part is sent only when more plaintext has
 * arrived, so that the last part, which gets the last frame, is still available at the end: `rest()`.
 */
export class PartFiller {
  readonly #terms: FillTerms;
  readonly #sealer: RunSealer;
  readonly #flights: PartFlights;
  #number = 0;
  #memory: Buffer | undefined;

  constructor(terms: FillTerms) {
    this.#terms = terms;
    this.#sealer = terms.session.frames!;
    this.#flights = new PartFlights(terms.concurrency, terms.send);
    this.#next();
    this.#memory!.set(terms.preamble);
  }

  /** Counts plaintext before it is sealed. @throws SealpipeError `ERR_SEALPIPE_LENGTH` if more came than was expected */
  take(bytes: Uint8Array): void {
    this.#terms.session.take(bytes.length);
  }

  /**
   * Seals a chunk from `from` on.
   *
   * @returns the position that it reached. If this is before the end, too many parts are in flight or too much memory
   * is in use: wait for `room()` and call it again
   * @throws SealpipeError `ERR_SEALPIPE_LIMIT` at the bounds of a stream, or at the part limit of S3
   */
  seal(bytes: Uint8Array, from: number): number {
    let position = from;
    while (position < bytes.length) {
      if (this.#sealer.isFull && !this.#next()) return position;
      position += this.#sealer.write(bytes, position);
    }
    this.#terms.taken();
    return position;
  }

  /**
   * Resolves when a part in flight has been sent. @throws (rejects) the first error of the session after it was stopped
   */
  async room(): Promise<void> {
    await this.#flights.oneLanded();
    throwIfAborted(this.#terms.session.stopped);
  }

  /** The number and the bytes of the unsent part, after the last frame is sealed. */
  async rest(): Promise<{ readonly number: number; readonly bytes: Buffer }> {
    await this.#flights.slot();
    const bytes = this.#memory!.subarray(0, this.#sealer.end);
    this.#terms.session.bytesOut += bytes.length;
    return { number: this.#number, bytes };
  }

  /** Resolves when no part is in flight. Never rejects. */
  landed(): Promise<void> {
    return this.#flights.landed();
  }

  /** Sends the full part, and begins the next one. @returns false if that is not possible now */
  #next(): boolean {
    const { plan } = this.#terms;
    if (this.#memory !== undefined) {
      if (this.#flights.isFull) return false;
      this.#launch(this.#number, this.#memory);
      this.#memory = undefined;
    }
    const number = this.#number + 1;
    const memory = this.#flights.take(plan.capacity(number));
    if (memory === undefined) return false;
    this.#number = number;
    this.#memory = memory;
    this.#sealer.begin({ memory, start: plan.start(number), frames: plan.frames(number) });
    return true;
  }

  #launch(number: number, memory: Buffer): void {
    const bytes = memory.subarray(0, this.#sealer.end);
    this.#terms.session.bytesOut += bytes.length;
    this.#flights.launch(number, bytes, memory);
  }
}
