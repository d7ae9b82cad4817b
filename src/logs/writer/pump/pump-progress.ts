import type { LineBatch } from '../lines/line-batch.js';
import { BatchQueue } from '../lines/line-batch.js';
import type { LogPosition } from '../lines/log-position.js';
import { LogMark, NOWHERE } from '../lines/log-position.js';
import type { PumpListener } from './pump-listener.js';
import type { SegmentChain } from './segment-chain.js';

/** The progress of a pump: its batches, and the marks that they have passed. */
export class PumpProgress {
  readonly queue = new BatchQueue();
  readonly written = new LogMark();
  readonly durable: LogMark;
  readonly #chain: SegmentChain;
  readonly #listener: PumpListener;
  /** Whether a batch is safe once it is written. */
  readonly #keepsWritten: boolean;
  /** The log up to the batch sealed last, and up to the batch written last. Both go back if a segment is given up. */
  #sealed: LogPosition = NOWHERE;
  #landed: LogPosition = NOWHERE;

  /** @param onAwaited called when somebody waits for lines to become durable */
  constructor(chain: SegmentChain, listener: PumpListener, keepsWritten: boolean, onAwaited: () => void) {
    this.#chain = chain;
    this.#listener = listener;
    this.#keepsWritten = keepsWritten;
    this.durable = new LogMark(onAwaited);
  }

  /** Whether somebody waits for lines that are written but not durable. */
  get isSyncAwaited(): boolean {
    return this.durable.isAwaited(this.#landed);
  }

  /** The log up to the batch that was written last. */
  get landed(): LogPosition {
    return this.#landed;
  }

  /** Takes the next batch for sealing. */
  seal(): LineBatch {
    const batch = this.queue.sealed();
    this.#sealed = batch.end;
    if (this.queue.next === undefined) this.#listener.drained();
    return batch;
  }

  /** Called when all sealed batches are written. */
  noteWritten(): void {
    this.#listener.ended(this.#chain.takeEnded(), this.#landed);
    this.#landed = this.#sealed;
    const moved = this.written.reach(this.#landed);
    if (this.#keepsWritten) this.#listener.released(this.queue.release());
    if (moved) this.#listener.moved();
  }

  /** Called when all written batches are durable. */
  noteDurable(): void {
    this.#listener.ended(this.#chain.takeEnded(), this.#landed);
    const moved = this.durable.reach(this.#landed);
    this.#listener.released(this.queue.release());
    if (moved) this.#listener.moved();
  }

  /** Called when a segment was given up: its batches that are not safe will be sealed again. */
  startOver(): void {
    this.queue.takeBack();
    if (!this.#keepsWritten) this.#landed = this.durable.reached;
    this.#sealed = this.#landed;
  }

  /** Called when the pump stops for good. */
  fail(error: unknown): void {
    for (const mark of [this.written, this.durable]) mark.fail(error);
    this.queue.clear();
  }
}
