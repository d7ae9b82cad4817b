import type { Deferred } from './deferred.js';
import { deferred } from './deferred.js';
import type { LogMark, LogPosition } from './log-position.js';
import { NOWHERE, rejected } from './log-position.js';

const REACHED = Promise.resolve();

interface Ended {
  readonly index: number;
  readonly position: LogPosition;
  deferred: Deferred | undefined;
}

interface Flush {
  readonly asked: { records: number };
  readonly stored: Promise<void>;
}

/** How far a log is stored. It advances by whole segments, and all waits for one segment share a promise. */
export class StoredMark {
  readonly #durable: LogMark;
  readonly #onAwaited: () => void;
  /** Segments that have ended but are not stored, in order. */
  readonly #ended: Ended[] = [];
  /** The promise for the open segment. */
  #open: Deferred | undefined;
  /** Waits for lines that are not durable yet, by the promise for their flush: their segment is known only after it. */
  readonly #flushes = new WeakMap<Promise<void>, Flush>();
  #reached = NOWHERE;
  #failure: { readonly error: unknown } | undefined;

  /**
   * @param durable the durable position, up to which the segment of each line is known
   * @param onAwaited called when a wait begins
   */
  constructor(durable: LogMark, onAwaited: () => void) {
    this.#durable = durable;
    this.#onAwaited = onAwaited;
  }

  get reached(): LogPosition {
    return this.#reached;
  }

  /** Whether somebody waits for a segment. */
  get isAwaited(): boolean {
    return this.#open !== undefined || this.#ended.some((segment) => segment.deferred !== undefined);
  }

  /** Resolves once the log is stored up to a position; rejects if it never will be. */
  wait(position: LogPosition): Promise<void> {
    const { records } = position;
    if (records <= this.#durable.reached.records) return this.#of(records);
    const flush = this.#durable.wait(position);
    const before = this.#flushes.get(flush);
    if (before !== undefined) {
      before.asked.records = Math.max(before.asked.records, records);
      return before.stored;
    }
    const asked = { records };
    const stored = flush.then(() => this.#of(asked.records));
    stored.catch(() => undefined);
    this.#flushes.set(flush, { asked, stored });
    return stored;
  }

  /** The open segment has ended here. */
  end(index: number, position: LogPosition): void {
    this.#ended.push({ index, position, deferred: this.#open });
    this.#open = undefined;
  }

  /** A segment is stored, and so are those before it. */
  reach(index: number): void {
    while (this.#ended.length > 0 && this.#ended[0]!.index <= index) {
      const { position, deferred: waiting } = this.#ended.shift()!;
      this.#reached = position;
      waiting?.resolve();
    }
  }

  /** The log will not be stored any further. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    for (const { deferred: waiting } of this.#ended.splice(0)) waiting?.reject(error);
    this.#open?.reject(error);
    this.#open = undefined;
  }

  #of(records: number): Promise<void> {
    if (records <= this.#reached.records) return REACHED;
    if (this.#failure !== undefined) return rejected(this.#failure.error);
    const segment = this.#ended.find(({ position }) => records <= position.records);
    let waiting = segment === undefined ? this.#open : segment.deferred;
    if (waiting === undefined) {
      waiting = deferred();
      if (segment === undefined) this.#open = waiting;
      else segment.deferred = waiting;
      this.#onAwaited();
    }
    return waiting.promise;
  }
}
