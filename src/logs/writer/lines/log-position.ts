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

/** A mark that advances through the log, and its waiters. All waiters for one flush share a promise. */
export class LogMark {
  readonly #onAwaited: () => void;
  #reached = NOWHERE;
  /** The lines already flushed; their waiters accept no more lines. */
  #cut = 0;
  #isOpen = false;
  #waiting: { records: number; readonly deferred: Deferred }[] = [];
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
    const last = this.#waiting.at(-1);
    if (last === undefined || last.records < records) {
      if (last !== undefined && this.#isOpen) last.records = records;
      else return this.#add(records);
      return last.deferred.promise;
    }
    return this.#waiting.find((one) => one.records >= records)!.deferred.promise;
  }

  /** Whether somebody waits for this position, or for an earlier one. */
  isAwaited({ records }: LogPosition): boolean {
    return this.#waiting.length > 0 && this.#waiting[0]!.records <= records;
  }

  /** Called when a flush ends with this number of lines. */
  cut(records: number): void {
    this.#cut = records;
    this.#isOpen = false;
  }

  /** @returns whether the mark has advanced */
  reach(position: LogPosition): boolean {
    if (position.records <= this.#reached.records) return false;
    this.#reached = position;
    const next = this.#waiting.findIndex(({ records }) => records > position.records);
    // At once: to take thousands from the front, one by one, would move all the others each time.
    const passed = this.#waiting.splice(0, next === -1 ? this.#waiting.length : next);
    for (const { deferred } of passed) deferred.resolve();
    if (this.#waiting.length === 0) this.#isOpen = false;
    return true;
  }

  /** The mark will not advance any more. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    for (const { deferred } of this.#waiting.splice(0)) deferred.reject(error);
  }

  #add(records: number): Promise<void> {
    const added = { records, deferred: deferred() };
    this.#isOpen = records > this.#cut;
    this.#waiting.push(added);
    this.#onAwaited();
    return added.deferred.promise;
  }
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
