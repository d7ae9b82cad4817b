import type { LineBatch } from '../lines/line-batch.js';
import { BatchQueue } from '../lines/line-batch.js';
import type { LogPosition } from '../lines/log-position.js';
import { LogMark, NOWHERE } from '../lines/log-position.js';
import type { PumpListener } from './pump-listener.js';
import type { SegmentChain } from './segment-chain.js';

/** How far a pump came: the batches on their way, and the marks that they passed. */
export class PumpProgress {
  readonly queue = new BatchQueue();
  readonly written = new LogMark();
  readonly durable: LogMark;
  readonly #chain: SegmentChain;
  readonly #listener: PumpListener;
  /** Whether a batch is safe once it is written. */
  readonly #keepsWritten: boolean;
  /** Up to the batch that was sealed last; the same once it is written. Both go back if a segment is given up. */
  #sealed: LogPosition = NOWHERE;
  #landed: LogPosition = NOWHERE;

  /** @param onAwaited hears that somebody waits for what is to be durable */
  constructor(chain: SegmentChain, listener: PumpListener, keepsWritten: boolean, onAwaited: () => void) {
    this.#chain = chain;
    this.#listener = listener;
    this.#keepsWritten = keepsWritten;
    this.durable = new LogMark(onAwaited);
  }

  /** Whether somebody waits for what is written and not durable. */
  get isSyncAwaited(): boolean {
    return this.durable.isAwaited(this.#landed);
  }

  /** The log up to the batch that was written last. */
  get landed(): LogPosition {
    return this.#landed;
  }

  /** Takes the next batch, to be sealed. */
  seal(): LineBatch {
    const batch = this.queue.sealed();
    this.#sealed = batch.end;
    if (this.queue.next === undefined) this.#listener.drained();
    return batch;
  }

  /** All that was sealed is written. */
  noteWritten(): void {
    this.#listener.ended(this.#chain.takeEnded(), this.#landed);
    this.#landed = this.#sealed;
    const moved = this.written.reach(this.#landed);
    if (this.#keepsWritten) this.#listener.released(this.queue.release());
    if (moved) this.#listener.moved();
  }

  /** All that was written is durable. */
  noteDurable(): void {
    this.#listener.ended(this.#chain.takeEnded(), this.#landed);
    const moved = this.durable.reach(this.#landed);
    this.#listener.released(this.queue.release());
    if (moved) this.#listener.moved();
  }

  /** What is not safe in a segment that was given up is to be sealed once more. */
  startOver(): void {
    this.queue.takeBack();
    if (!this.#keepsWritten) this.#landed = this.durable.reached;
    this.#sealed = this.#landed;
  }

  /** It goes no further. */
  fail(error: unknown): void {
    for (const mark of [this.written, this.durable]) mark.fail(error);
    this.queue.clear();
  }
}
