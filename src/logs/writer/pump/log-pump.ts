import { isSealpipeError } from '../../../errors.js';
import type { Checkpoint } from '../../archive/checkpoint.js';
import { FolderFault } from '../../segments/segment-file.js';
import type { Deferred } from '../lines/deferred.js';
import { deferred } from '../lines/deferred.js';
import type { LineBatch } from '../lines/line-batch.js';
import { isContinued } from '../lines/line-batch.js';
import type { BatchSink } from '../lines/line-intake.js';
import type { LogMark, LogPosition } from '../lines/log-position.js';
import type { LogSettings } from '../options/log-options.js';
import type { AskedResult } from './asked-results.js';
import { AskedResults } from './asked-results.js';
import { isPassing, Patience } from './patience.js';
import type { PumpListener } from './pump-listener.js';
import { PumpProgress } from './pump-progress.js';
import type { SegmentChain } from './segment-chain.js';
import { GivenUp } from './segment-chain.js';
import { SyncPause } from './sync-pause.js';
import { WorkLoop } from './work-loop.js';

/**
 * Brings batches to the disk, one after the other: seals them, writes them, makes them durable, and begins the next
 * segment. A failure that may pass is retried at `dueAt`. What a segment cannot take goes into the next one.
 */
export class LogPump {
  readonly #settings: LogSettings;
  readonly #chain: SegmentChain;
  readonly #listener: PumpListener;
  readonly #progress: PumpProgress;
  readonly #pause = new SyncPause();
  readonly #patience: Patience;
  readonly #checkpoints = new AskedResults<Checkpoint>();
  readonly #rotations = new AskedResults<void>();
  #end: Deferred | undefined;
  readonly #loop: WorkLoop;

  constructor(settings: LogSettings, chain: SegmentChain, listener: PumpListener) {
    this.#settings = settings;
    this.#chain = chain;
    this.#patience = new Patience((error) => chain.tellWaiting(error));
    this.#listener = listener;
    this.#loop = new WorkLoop(
      () => this.#attempt(),
      () => listener.moved(),
    );
    this.#progress = new PumpProgress(chain, listener, settings.fsync !== 'flush', () => {
      if (this.#progress.isSyncAwaited) this.run();
    });
  }

  get written(): LogMark {
    return this.#progress.written;
  }

  get durable(): LogMark {
    return this.#progress.durable;
  }

  /** Whether neither the end of the process nor a power cut would lose anything now. */
  get isIdle(): boolean {
    return this.#progress.queue.isEmpty && this.#end === undefined && this.#rotations.isEmpty;
  }

  get isOver(): boolean {
    return this.#loop.isOver;
  }

  /** The current work. Once `isOver`, nothing begins after it. */
  get underWay(): Promise<void> | undefined {
    return this.#loop.underWay;
  }

  /** Why nothing is written at the moment. */
  get trouble(): unknown {
    return this.#patience.failure ?? this.#chain.keyFailure;
  }

  /** When to `run` next if nothing happens before, by `performance.now()`. */
  get dueAt(): number {
    // Even if that time has just passed, because the attempt has not been made yet.
    if (this.#patience.failure !== undefined && this.underWay === undefined) return this.#patience.until;
    const stepAt = this.#chain.nextStepAt(!this.#rotations.isEmpty);
    const isPausing = this.#isToBeSynced && this.underWay === undefined;
    return isPausing ? Math.min(stepAt, this.#pause.until) : stepAt;
  }

  /** Takes batches; `run` then begins with them. */
  get queue(): BatchSink {
    return this.#progress.queue;
  }

  /** Works until nothing is left to do. Never rejects. */
  readonly run = (): void => this.#loop.ask();

  /** Begins a new segment after a flushed position, unless the open one has no lines. */
  rotate(position: LogPosition): Promise<void> {
    const rotated = this.#rotations.ask(position);
    this.run();
    return rotated;
  }

  /** Makes the log durable up to a flushed position, and returns a checkpoint of the archive. */
  checkpoint(position: LogPosition): Promise<Checkpoint> {
    if (this.isOver) return Promise.resolve(this.#chain.checkpoint);
    const made = this.#checkpoints.ask(position);
    this.run();
    return made;
  }

  /** Writes everything, and ends the open segment. @throws (rejects) an error that stops the pump or lasts 5 s */
  end(): Promise<void> {
    this.#end ??= deferred();
    this.#patience.shorten();
    this.run();
    return this.#end.promise;
  }

  /** Stops at once. */
  stop(error: unknown): void {
    if (this.isOver) return;
    this.#loop.end();
    this.#progress.fail(error);
    this.#rotations.rejectAll(error);
    this.#end?.reject(error);
    this.#checkpoints.rejectAll(error);
    this.#listener.stopped(error);
  }

  async #attempt(): Promise<void> {
    if (this.#patience.until > performance.now()) return;
    try {
      await this.#work();
      this.#patience.reset();
    } catch (error) {
      if (this.isOver) return;
      await this.#handle(error);
    }
  }

  async #work(): Promise<void> {
    if (this.#chain.isEnding) await this.#finish();
    const isDone = this.#progress.queue.isEmpty && !this.#chain.isOpen && this.#chain.isKept;
    if (this.#end !== undefined && isDone) {
      this.#finishEnd();
      return;
    }
    await this.#chain.open();
    this.#progress.noteWritten();
    await this.#writeAll();
    if (!this.#chain.isOpen) await this.#chain.open();
    const asked = this.#checkpoints.takeUpTo(this.#progress.landed);
    if (asked.length > 0 || (this.#isToBeSynced && this.#isSyncDue)) await this.#sync(asked);
    this.#chain.lookAhead(this.run);
    if (this.#end !== undefined && this.#progress.queue.next === undefined) {
      await this.#finish();
      this.#finishEnd();
    } else if (this.#isDue) {
      await this.#rotate();
    }
  }

  async #writeAll(): Promise<void> {
    for (;;) {
      const batch = this.#progress.queue.next ?? this.#own();
      if (batch === undefined || this.isOver) return;
      if (this.#progress.queue.isUnsafe) return this.run();
      if (this.#isDue && !isContinued(batch) && !(await this.#rotate())) {
        // Lines are held back, unless the writer is ending.
        if (this.#chain.isFull && this.#end === undefined) return;
      }
      this.#chain.lookAhead(this.run);
      await this.#chain.put(this.#progress.seal());
      this.#progress.noteWritten();
    }
  }

  /** Whether sealed lines must be made durable before their segment ends. */
  get #isToBeSynced(): boolean {
    return this.#settings.fsync === 'flush' && this.#progress.queue.hasUnsafe;
  }

  get #isSyncDue(): boolean {
    return this.#progress.isSyncAwaited || this.#progress.queue.isUnsafe || this.#pause.isOver;
  }

  #own(): LineBatch | undefined {
    const batch = this.#listener.idle();
    if (batch !== undefined) this.#progress.queue.add(batch);
    return batch;
  }

  /** Whether the open segment should end here. */
  get #isDue(): boolean {
    if (!this.#chain.isOpen) return false;
    return this.#rotations.isDue(this.#progress.landed) || (this.#chain.hasLines && this.#chain.isDue);
  }

  /** @returns whether the open segment is a new one */
  async #rotate(): Promise<boolean> {
    if (this.#chain.hasLines) {
      if (!this.#chain.canRotate(this.run)) return false;
      await this.#finish();
      await this.#chain.open();
    }
    for (const { made } of this.#rotations.takeUpTo(this.#progress.landed)) made.resolve();
    return true;
  }

  async #finish(): Promise<void> {
    await this.#chain.finish();
    this.#progress.noteDurable();
  }

  async #sync(asked: readonly AskedResult<Checkpoint>[]): Promise<void> {
    try {
      await this.#chain.sync();
    } catch (error) {
      this.#checkpoints.putBack(asked);
      throw error;
    }
    this.#pause.begin();
    // This comes before anybody learns that lines are durable, and may end the writer.
    this.#patience.reset();
    this.#progress.noteDurable();
    for (const { made } of asked) made.resolve(this.#chain.checkpoint);
  }

  #finishEnd(): void {
    this.#loop.end();
    this.#rotations.resolveAll(() => undefined);
    this.#checkpoints.resolveAll(() => this.#chain.checkpoint);
    this.#end!.resolve();
  }

  async #handle(error: unknown): Promise<void> {
    const isArchive = isSealpipeError(error) && error.code === 'ERR_SEALPIPE_ARCHIVE';
    if (error instanceof FolderFault) this.stop(error.cause);
    else if (isArchive) this.stop(error);
    else if (error instanceof GivenUp) this.#startOver(error.cause);
    else if (this.#chain.isOpen && (!isPassing(error) || this.#patience.isExhausted)) {
      await this.#chain.giveUp(error).catch(() => this.#startOver(error));
    } else this.#patience.fail(error);
    if (this.#end !== undefined && this.#patience.isOver) this.stop(this.#patience.failure);
  }

  /** What is not safe in a segment that was given up is sealed again, under another key. */
  #startOver(error: unknown): void {
    this.#progress.startOver();
    this.#patience.startOver(error);
    this.run();
  }
}
