import type { Deferred } from '../lines/deferred.js';
import { deferred } from '../lines/deferred.js';
import type { LogPosition } from '../lines/log-position.js';

/** A result that is due once this number of lines of the log is far enough. */
export interface AskedResult<T> {
  readonly records: number;
  readonly made: Deferred<T>;
}

/** Results that were asked for and are not made yet, in the order of their positions. */
export class AskedResults<T> {
  readonly #asked: AskedResult<T>[] = [];
  #failure: { readonly error: unknown } | undefined;

  get isEmpty(): boolean {
    return this.#asked.length === 0;
  }

  /** Asks for one that covers the log up to a position. All who ask for the same position share it. */
  ask({ records }: LogPosition): Promise<T> {
    const before = this.#asked.findLastIndex((one) => one.records <= records);
    const last = this.#asked[before];
    if (last?.records === records) return last.made.promise;
    const made = deferred<T>();
    this.#asked.splice(before + 1, 0, { records, made });
    return made.promise;
  }

  /** Whether any covers nothing after a position. */
  isDue(position: LogPosition): boolean {
    return !this.isEmpty && this.#asked[0]!.records <= position.records;
  }

  /** Takes those that cover nothing after a position. */
  takeUpTo(position: LogPosition): readonly AskedResult<T>[] {
    const next = this.#asked.findIndex(({ records }) => records > position.records);
    return this.#asked.splice(0, next === -1 ? this.#asked.length : next);
  }

  /** Puts back those that were taken last and could not be made. They are rejected if the others were. */
  putBack(taken: readonly AskedResult<T>[]): void {
    this.#asked.unshift(...taken);
    if (this.#failure !== undefined) this.rejectAll(this.#failure.error);
  }

  /** Resolves all of them. @param result called for each one */
  resolveAll(result: () => T): void {
    for (const { made } of this.#asked.splice(0)) made.resolve(result());
  }

  /** Rejects all of them, and any that are put back later. */
  rejectAll(error: unknown): void {
    this.#failure = { error };
    for (const { made } of this.#asked.splice(0)) made.reject(error);
  }
}
