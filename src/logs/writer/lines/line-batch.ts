import type { DropRecord, HeartbeatRecord } from '../../units/control-record.js';
import type { GatheredLines } from '../../units/unit.js';
import type { LogPosition } from './log-position.js';

/** The content of one unit: lines, or a record of the writer. It keeps its bytes until they are safe. */
export type LineBatch = (LinesBatch | RecordBatch) & {
  /** The log up to its end. */
  readonly end: LogPosition;
};

interface LinesBatch {
  readonly lines: GatheredLines;
  /** The memory of `lines` and of batches before it, for reuse; undefined if it has room for more batches. */
  readonly memory: Buffer | undefined;
}

interface RecordBatch {
  /** A heartbeat gets the lines of its segment when it is sealed: it may be sealed again in another one. */
  readonly record: DropRecord | Omit<HeartbeatRecord, 'records'>;
  /** When it was made, in milliseconds since 1970. */
  readonly time: number;
}

/** The most bytes of lines that are sealed but not safe, whose memory is kept. */
const MOST_UNSAFE = 4_194_304;
/** The most batches that may wait, and that may be unsafe: a batch takes memory, however few lines it has. */
const MOST_BATCHES = 256;

/**
 * Batches in progress: those that wait to be sealed, and those that are sealed but not safe yet. Batches that are not
 * safe are sealed again in another segment if their own is abandoned.
 */
export class BatchQueue {
  #waiting: LineBatch[] = [];
  #unsafe: LineBatch[] = [];
  /** Bytes of these batches. */
  #unsafeSize = 0;

  /** Whether there are no batches. */
  get isEmpty(): boolean {
    return this.#waiting.length === 0 && this.#unsafe.length === 0;
  }

  /** Whether any batch is sealed but not safe. */
  get hasUnsafe(): boolean {
    return this.#unsafe.length > 0;
  }

  /** Whether sealing must wait until sealed batches are safe. */
  get isUnsafe(): boolean {
    const next = this.#waiting[0];
    const isFull = this.#unsafeSize >= MOST_UNSAFE || this.#unsafe.length >= MOST_BATCHES;
    return isFull && (next === undefined || !isContinued(next));
  }

  /** Whether so many batches wait that further lines must share one. */
  get isCrowded(): boolean {
    return this.#waiting.length >= MOST_BATCHES;
  }

  get next(): LineBatch | undefined {
    return this.#waiting[0];
  }

  add(batch: LineBatch): void {
    this.#waiting.push(batch);
  }

  /** Marks the next batch as sealed, and returns it. */
  sealed(): LineBatch {
    const batch = this.#waiting.shift()!;
    this.#unsafe.push(batch);
    this.#unsafeSize += sizeOf(batch);
    return batch;
  }

  /**
   * All sealed batches are safe, except a line whose end is missing. @returns the batches that are not needed any more
   */
  release(): readonly LineBatch[] {
    const whole = this.#unsafe.findLastIndex((batch) => !continues(batch)) + 1;
    const released = this.#unsafe.splice(0, whole);
    for (const batch of released) this.#unsafeSize -= sizeOf(batch);
    return released;
  }

  /** Batches that are not safe wait to be sealed again. */
  takeBack(): void {
    this.#waiting = [...this.#unsafe, ...this.#waiting];
    this.#unsafe = [];
    this.#unsafeSize = 0;
  }

  /** Drops all batches. */
  clear(): void {
    this.#waiting = [];
    this.#unsafe = [];
    this.#unsafeSize = 0;
  }
}

/** Whether a batch begins with a piece of an earlier line, so that no segment can begin with it. */
export function isContinued(batch: LineBatch): boolean {
  return 'lines' in batch && batch.lines.continued === true;
}

function sizeOf(batch: LineBatch): number {
  return 'lines' in batch ? batch.lines.text.length : 0;
}

function continues(batch: LineBatch): boolean {
  return 'lines' in batch && batch.lines.continues === true;
}
