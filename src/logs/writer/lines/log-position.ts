import { optionsTypeError } from '../../../errors.js';
import type { Deferred } from './deferred.js';
import { deferred } from './deferred.js';

/** A position in a log: bytes of lines, each with its final newline, and lines. */
export interface LogPosition {
  /** Bytes of lines since the writer was opened, including a newline for each. */
  readonly bytes: number;
  /** Lines since the writer was opened. */
  readonly records: number;
}

/** The position before the first line. */
export const NOWHERE: LogPosition = { bytes: 0, records: 0 };

const REACHED = Promise.resolve();
/** The most flushes whose ends are told apart; waiters for later ones share a promise. */
const MOST_CUTS = 4_096;

interface Waiting {
  /** Lines up to which it waits. */
  records: number;
  readonly deferred: Deferred;
}

/** A mark that advances through the log, and its waiters. All waiters for one flush share a promise. */
export class LogMark {
  readonly #onAwaited: () => void;
  #reached = NOWHERE;
  /** The ends of flushes that the mark has not reached, in lines. */
  readonly #cuts: number[] = [];
  /** In order. At most the last one waits for lines that are not flushed yet, and may be extended. */
  readonly #waiting: Waiting[] = [];
  #failure: { readonly error: unknown } | undefined;

  /** @param onAwaited called when somebody waits */
  constructor(onAwaited: () => void = () => undefined) {
    this.#onAwaited = onAwaited;
  }

  get reached(): LogPosition {
    return this.#reached;
  }

  /** Resolves once the mark has reached this position; rejects if it never will. */
  wait({ records }: LogPosition): Promise<void> {
    if (records <= this.#reached.records) return REACHED;
    if (this.#failure !== undefined) return rejected(this.#failure.error);
    const flushed = this.#cuts.at(-1) ?? 0;
    if (records <= flushed) return this.#waitFor(this.#cuts.find((cut) => cut >= records)!);
    const last = this.#waiting.at(-1);
    if (last === undefined || last.records <= flushed) return this.#waitFor(records);
    last.records = Math.max(last.records, records);
    return last.deferred.promise;
  }

  /** Whether somebody waits for this position, or for an earlier one. */
  isAwaited({ records }: LogPosition): boolean {
    return this.#waiting.length > 0 && this.#waiting[0]!.records <= records;
  }

  /** Called when a flush ends with this number of lines. */
  cut(records: number): void {
    if (this.#cuts.length === MOST_CUTS) this.#cuts.pop();
    this.#cuts.push(records);
  }

  /** @returns whether the mark has advanced */
  reach(position: LogPosition): boolean {
    if (position.records <= this.#reached.records) return false;
    this.#reached = position;
    const isLater = (records: number) => records > position.records;
    this.#cuts.splice(0, indexOf(this.#cuts, isLater));
    const passed = indexOf(this.#waiting, (one) => isLater(one.records));
    // All at once: taking thousands from the front one by one would move all the others each time.
    for (const { deferred } of this.#waiting.splice(0, passed)) deferred.resolve();
    return true;
  }

  /** The mark will not advance any more. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    for (const { deferred } of this.#waiting.splice(0)) deferred.reject(error);
  }

  #waitFor(records: number): Promise<void> {
    const at = indexOf(this.#waiting, (one) => one.records >= records);
    if (this.#waiting[at]?.records === records) return this.#waiting[at].deferred.promise;
    const added = { records, deferred: deferred() };
    this.#waiting.splice(at, 0, added);
    this.#onAwaited();
    return added.deferred.promise;
  }
}

/** The index of the first element that matches; the length if none does. */
function indexOf<T>(list: readonly T[], matches: (one: T) => boolean): number {
  const index = list.findIndex(matches);
  return index === -1 ? list.length : index;
}

/** A rejection that does not count as unhandled if it is ignored. */
export function rejected(error: unknown): Promise<never> {
  const rejection = Promise.reject(error);
  rejection.catch(() => undefined);
  return rejection;
}

/** Asserts that a position is one that the log has reached. @throws TypeError `ERR_SEALPIPE_OPTIONS` */
export function checkedPosition(position: LogPosition, end: LogPosition): LogPosition {
  const { records } = position ?? {};
  if (Number.isInteger(records) && records >= 0 && records <= end.records) return position;
  throw optionsTypeError('A position must be one that append() of this log writer returned');
}
