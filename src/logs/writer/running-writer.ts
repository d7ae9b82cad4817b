import { EventEmitter } from 'node:events';
import { abortError, onAbort } from '../../abort.js';
import { optionsTypeError } from '../../errors.js';
import type { Checkpoint } from '../archive/checkpoint.js';
import type { WriterLock } from '../archive/lock/writer-lock.js';
import { HEAD_SIZE } from '../units/unit-limits.js';
import { Alarm } from './alarm.js';
import { emitSafely } from './emit-safely.js';
import { Heartbeat } from './lines/heartbeat.js';
import type { LineBatch } from './lines/line-batch.js';
import { LineIntake } from './lines/line-intake.js';
import type { LogPosition } from './lines/log-position.js';
import { checkedPosition, NOWHERE, rejected } from './lines/log-position.js';
import type { LogStream } from './lines/log-stream.js';
import { LineStream } from './lines/log-stream.js';
import { HIGH_WATER, LOW_WATER } from './lines/pending-limit.js';
import type { LogSettings } from './log-options.js';
import { LogPump } from './log-pump.js';
import type { LogEnd, LogEvents, LogPositions, LogWriter } from './log-writer.js';
import type { SegmentChain } from './segment-chain.js';

/** What a writer works on. */
export interface WriterParts {
  readonly archive: string;
  readonly chain: SegmentChain;
  readonly lock: WriterLock;
  /** Bytes of a unit. */
  readonly frameSize: number;
}

/** The writer of an archive whose lock it holds and whose open segment is there. */
export class RunningWriter extends EventEmitter<LogEvents> implements LogWriter {
  readonly archive: string;
  readonly #settings: LogSettings;
  readonly #parts: WriterParts;
  readonly #intake: LineIntake;
  readonly #pump: LogPump;
  readonly #heartbeat: Heartbeat;
  readonly #alarm = new Alarm(() => this.#onAlarm());
  readonly #stopListening: () => void;
  #stream: LineStream | undefined;
  #rooms: ((error?: Error | null) => void)[] = [];
  #told: Omit<LogPositions, 'stored'> = { written: NOWHERE, durable: NOWHERE };
  #flushAt = Number.POSITIVE_INFINITY;
  #failure: { readonly error: unknown } | undefined;
  #ended: Promise<LogEnd> | undefined;
  #released: Promise<void> | undefined;

  constructor(settings: LogSettings, parts: WriterParts) {
    super();
    this.archive = parts.archive;
    this.#settings = settings;
    this.#parts = parts;
    this.#heartbeat = new Heartbeat(settings.heartbeat);
    this.#intake = new LineIntake(settings, parts.frameSize - HEAD_SIZE, (batch) => this.#pump.add(batch));
    this.#pump = new LogPump(settings, parts.chain, {
      released: (batches) => this.#intake.buffer.reuse(batches),
      moved: () => this.#onMoved(),
      idle: () => this.#ownRecord(),
      stopped: (error) => this.#onStopped(error),
    });
    const { signal } = settings;
    this.#stopListening =
      signal === undefined ? () => undefined : onAbort(signal, () => this.#pump.stop(abortError(signal)));
    this.#pump.run();
  }

  get positions(): LogPositions {
    return { written: this.#pump.written.reached, durable: this.#pump.durable.reached, stored: NOWHERE };
  }

  get appended(): LogPosition {
    return this.#intake.buffer.end;
  }

  get dropped(): number {
    return this.#intake.drops.total;
  }

  /** Why nothing is written at the moment. */
  get trouble(): unknown {
    return this.#pump.trouble;
  }

  get stream(): LogStream {
    this.#stream ??= new LineStream({
      take: (line) => void this.append(line),
      takeLines: (bytes, start) => this.#appendLines(bytes, start),
      isFull: () => this.#settings.onFull === 'block' && this.#pending >= HIGH_WATER,
      onRoom: (callback) => this.#onRoom(callback),
      flush: () => this.flush(),
      end: () => this.end(),
      stop: (error) => this.#pump.stop(error),
    });
    return this.#stream;
  }

  append(line: string | Uint8Array): LogPosition {
    this.#assertRunning('append() came after the end of the log writer');
    if (this.#intake.add(line, this.#pending, this.#pump.trouble)) this.#added();
    return this.appended;
  }

  whenWritten(position: LogPosition): Promise<void> {
    return this.#pump.written.wait(checkedPosition(position, this.appended));
  }

  whenDurable(position: LogPosition): Promise<void> {
    return this.#pump.durable.wait(checkedPosition(position, this.appended));
  }

  whenStored(_position: LogPosition): Promise<void> {
    return rejected(optionsTypeError('whenStored() needs a store, and this archive has none'));
  }

  async flush(): Promise<void> {
    this.#cut();
    await (this.#settings.fsync === 'flush' ? this.#pump.durable : this.#pump.written).wait(
      this.#intake.buffer.end,
    );
  }

  async rotate(): Promise<void> {
    this.#assertRunning();
    this.#cut();
    await this.#pump.rotate();
  }

  async checkpoint(): Promise<Checkpoint> {
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#cut();
    return this.#pump.checkpoint();
  }

  end(): Promise<LogEnd> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async close(): Promise<void> {
    const wasAborted = this.#settings.signal?.aborted === true && this.#failure !== undefined;
    if (wasAborted) await this.#released;
    else await this.end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Bytes that are not written yet. */
  get #pending(): number {
    return this.#intake.buffer.bytes - this.#pump.written.reached.bytes;
  }

  async #end(): Promise<LogEnd> {
    if (this.#failure === undefined) {
      this.#cut();
      await this.#pump.end().catch(() => undefined);
    }
    if (this.#failure !== undefined) {
      await this.#released;
      throw this.#failure.error;
    }
    await this.#release();
    return { archive: this.archive, positions: this.positions, dropped: this.dropped };
  }

  #assertRunning(message = 'The log writer has ended'): void {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#ended !== undefined) throw optionsTypeError(message);
  }

  /** Appends whole lines, as `append` does one after the other. @returns where the rest begins */
  #appendLines(bytes: Buffer, start: number): number {
    this.#assertRunning('append() came after the end of the log writer');
    const rest = this.#intake.addLines(bytes, start, this.#pending);
    if (rest > start) this.#added();
    return rest;
  }

  /** Lines were added. */
  #added(): void {
    if (this.#intake.isFull) this.#cut();
    else if (this.#flushAt === Number.POSITIVE_INFINITY) this.#awaitFlush();
  }

  #awaitFlush(): void {
    this.#flushAt = performance.now() + this.#settings.flushInterval;
    this.#arm();
  }

  #cut(): void {
    this.#flushAt = Number.POSITIVE_INFINITY;
    if (this.#intake.buffer.length > 0) {
      this.#heartbeat.restart();
      this.#intake.buffer.flush();
      const { records } = this.#intake.buffer.end;
      this.#pump.written.cut(records);
      this.#pump.durable.cut(records);
    }
    this.#pump.run();
  }

  /** What the writer says of itself while nothing waits. */
  #ownRecord(): LineBatch | undefined {
    if (this.#intake.drops.isOpen) return this.#intake.drops.take(this.#intake.buffer.start);
    return this.#heartbeat.take(this.#parts.chain.records, this.#intake.buffer.start);
  }

  #onAlarm(): void {
    if (performance.now() >= this.#flushAt) this.#cut();
    else this.#pump.run();
    this.#arm();
  }

  /** One timer for everything: it keeps the process alive only while a line is not safe. */
  #arm(): void {
    if (this.#failure !== undefined || this.#pump.isOver) return;
    const isBusy = this.#intake.buffer.length > 0 || !this.#pump.isIdle;
    this.#alarm.set(Math.min(this.#flushAt, this.#heartbeat.dueAt, this.#pump.dueAt), isBusy);
  }

  #onRoom(callback: (error?: Error | null) => void): void {
    if (this.#failure !== undefined) callback(this.#failure.error as Error);
    else this.#rooms.push(callback);
  }

  #onMoved(): void {
    if (this.#pending <= LOW_WATER) for (const room of this.#rooms.splice(0)) room();
    this.#tellPositions();
    this.#arm();
  }

  #tellPositions(): void {
    const { positions } = this;
    const { written, durable } = this.#told;
    if (positions.written === written && positions.durable === durable) return;
    this.#told = positions;
    emitSafely(() => this.emit('positions', positions));
  }

  #onStopped(error: unknown): void {
    this.#failure = { error };
    this.#intake.buffer.wipe();
    this.#released = this.#release(error);
    for (const room of this.#rooms.splice(0)) room(error as Error);
    this.#stream?.destroy(error as Error);
    if (this.listenerCount('error') > 0) emitSafely(() => this.emit('error', error));
  }

  /** Lets go of everything. */
  async #release(error?: unknown): Promise<void> {
    this.#stopListening();
    this.#alarm.clear();
    await this.#parts.chain.close(error);
    await this.#parts.lock.release();
    this.#intake.buffer.wipe();
  }
}
