import type { ControlRecord } from '../../units/control-record.js';
import type { GatheredLines } from '../../units/unit.js';
import type { LogPosition } from './log-position.js';

/** What becomes one unit: lines, or a record of the writer's own. It keeps its bytes until they are safe. */
export type LineBatch = (LinesBatch | RecordBatch) & {
  /** The log up to its end. */
  readonly end: LogPosition;
};

interface LinesBatch {
  readonly lines: GatheredLines;
  /** What `lines` is a view of, to be used again; undefined if it is not of the usual size. */
  readonly memory: Buffer | undefined;
}

interface RecordBatch {
  readonly record: ControlRecord;
  /** When it was made, in milliseconds since 1970. */
  readonly time: number;
}

/** Bytes of lines that are sealed and not safe, at most: their memory is kept. */
const MOST_UNSAFE = 4_194_304;

/**
 * Batches on their way: those that wait to be sealed, and those that are sealed and not safe yet. What is not safe is
 * sealed once more, in another segment, if its own is given up.
 */
export class BatchQueue {
  #waiting: LineBatch[] = [];
  #unsafe: LineBatch[] = [];
  /** Bytes of them. */
  #unsafeSize = 0;

  /** Whether nothing is on its way. */
  get isEmpty(): boolean {
    return this.#waiting.length === 0 && this.#unsafe.length === 0;
  }

  /** Whether something is sealed that is not safe. */
  get hasUnsafe(): boolean {
    return this.#unsafe.length > 0;
  }

  /** Whether so much is sealed and not safe that nothing more is sealed before it is. */
  get isUnsafe(): boolean {
    const next = this.#waiting[0];
    return this.#unsafeSize >= MOST_UNSAFE && (next === undefined || !isContinued(next));
  }

  get next(): LineBatch | undefined {
    return this.#waiting[0];
  }

  add(batch: LineBatch): void {
    this.#waiting.push(batch);
  }

  /** The next batch is sealed. */
  sealed(): LineBatch {
    const batch = this.#waiting.shift()!;
    this.#unsafe.push(batch);
    this.#unsafeSize += sizeOf(batch);
    return batch;
  }

  /** All that was sealed is safe, but for a line of which the end is missing. @returns what is not needed any more */
  release(): readonly LineBatch[] {
    const whole = this.#unsafe.findLastIndex((batch) => !continues(batch)) + 1;
    const released = this.#unsafe.splice(0, whole);
    for (const batch of released) this.#unsafeSize -= sizeOf(batch);
    return released;
  }

  /** What is not safe waits again. */
  takeBack(): void {
    this.#waiting = [...this.#unsafe, ...this.#waiting];
    this.#unsafe = [];
    this.#unsafeSize = 0;
  }

  /** Forgets everything. */
  clear(): void {
    this.#waiting = [];
    this.#unsafe = [];
    this.#unsafeSize = 0;
  }
}

/** Whether a batch begins with a piece of a line that began before: no segment begins with it. */
export function isContinued(batch: LineBatch): boolean {
  return 'lines' in batch && batch.lines.continued === true;
}

function sizeOf(batch: LineBatch): number {
  return 'lines' in batch ? batch.lines.text.length : 0;
}

function continues(batch: LineBatch): boolean {
  return 'lines' in batch && batch.lines.continues === true;
}
