import type { Checkpoint } from '../../archive/checkpoint.js';
import type { Deferred } from '../lines/deferred.js';
import { deferred } from '../lines/deferred.js';
import type { LogPosition } from '../lines/log-position.js';

/** A checkpoint that is made once this number of lines of the log is durable. */
export interface AskedCheckpoint {
  readonly records: number;
  readonly made: Deferred<Checkpoint>;
}

/** Checkpoints that were asked for and are not made yet, in the order of their positions. */
export class AskedCheckpoints {
  readonly #asked: AskedCheckpoint[] = [];
  #failure: { readonly error: unknown } | undefined;

  /** Asks for one that covers the log up to a position. No earlier one may cover more. */
  ask({ records }: LogPosition): Promise<Checkpoint> {
    const made = deferred<Checkpoint>();
    this.#asked.push({ records, made });
    return made.promise;
  }

  /** Takes those that cover nothing after a position. */
  takeUpTo(position: LogPosition): readonly AskedCheckpoint[] {
    const next = this.#asked.findIndex(({ records }) => records > position.records);
    return this.#asked.splice(0, next === -1 ? this.#asked.length : next);
  }

  /** Puts back those that were taken last and could not be made. They are rejected if the others were. */
  putBack(taken: readonly AskedCheckpoint[]): void {
    this.#asked.unshift(...taken);
    if (this.#failure !== undefined) this.rejectAll(this.#failure.error);
  }

  /** Resolves all of them. @param checkpoint called for each one */
  resolveAll(checkpoint: () => Checkpoint): void {
    for (const { made } of this.#asked.splice(0)) made.resolve(checkpoint());
  }

  /** Rejects all of them, and any that are put back later. */
  rejectAll(error: unknown): void {
    this.#failure = { error };
    for (const { made } of this.#asked.splice(0)) made.reject(error);
  }
}
