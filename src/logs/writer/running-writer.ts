import { EventEmitter } from 'node:events';
import { abortError, onAbort } from '../../abort.js';
import { optionsTypeError } from '../../errors.js';
import type { Checkpoint } from '../archive/checkpoint.js';
import type { WriterLock } from '../archive/lock/writer-lock.js';
import { HEAD_SIZE } from '../units/unit-limits.js';
import { Alarm } from './alarm.js';
import { emitSafely } from './emit-safely.js';
import { LineIntake } from './lines/line-intake.js';
import type { LogPosition } from './lines/log-position.js';
import type { LogStream } from './lines/log-stream.js';
import { LineStream } from './lines/log-stream.js';
import type { LogEnd, LogEvents, LogPositions, LogWriter } from './log-writer.js';
import type { LogSettings } from './options/log-options.js';
import { LogPump } from './pump/log-pump.js';
import type { SegmentChain } from './pump/segment-chain.js';
import { Room } from './spool/room.js';
import type { SpoolParts } from './spool/spool.js';
import { Spool } from './spool/spool.js';
import { WriterMarks } from './spool/writer-marks.js';

/** The parts of a writer. */
export interface WriterParts {
  readonly archive: string;
  readonly chain: SegmentChain;
  readonly lock: WriterLock;
  /** Bytes of a unit. */
  readonly frameSize: number;
  /** Undefined without a store. */
  readonly spool: SpoolParts | undefined;
}

/** The writer of an archive. It holds the lock, and the open segment exists. */
export class RunningWriter extends EventEmitter<LogEvents> implements LogWriter {
  readonly archive: string;
  readonly #settings: LogSettings;
  readonly #parts: WriterParts;
  readonly #intake: LineIntake;
  readonly #pump: LogPump;
  readonly #spool: Spool | undefined;
  readonly #marks: WriterMarks;
  readonly #room: Room;
  readonly #alarm = new Alarm(() => this.#onAlarm());
  readonly #stopListening: () => void;
  #stream: LineStream | undefined;
  #failure: { readonly error: unknown } | undefined;
  #ended: Promise<LogEnd> | undefined;
  #released: Promise<void> | undefined;

  constructor(settings: LogSettings, parts: WriterParts) {
    super();
    this.archive = parts.archive;
    this.#settings = settings;
    this.#parts = parts;
    this.#pump = new LogPump(settings, parts.chain, {
      released: (batches) => this.#intake.buffer.reuse(batches),
      ended: (segments, position) => this.#spool?.ended(segments, position),
      drained: () => {
        if (this.#intake.flushPutOff()) this.#marks.cut();
      },
      moved: () => this.#onMoved(),
      idle: () => this.#intake.ownRecord(),
      stopped: (error) => this.#onStopped(error),
    });
    this.#intake = new LineIntake(settings, parts.frameSize - HEAD_SIZE, this.#pump.queue);
    this.#spool =
      parts.spool &&
      new Spool(parts.spool, this.#pump.durable, {
        moved: () => this.#onMoved(),
        forked: (error) => this.#pump.stop(error),
        openBytes: () => parts.chain.openBytes,
      });
    this.#marks = new WriterMarks(this.#pump, this.#spool, () => this.appended);
    this.#room = new Room({
      onFull: settings.onFull,
      pending: () => this.#intake.buffer.bytes - this.#pump.written.reached.bytes,
      spool: this.#spool,
      relieve: () => void this.#pump.rotate(this.#intake.buffer.start),
    });
    const { signal } = settings;
    this.#stopListening =
      signal === undefined ? () => undefined : onAbort(signal, () => this.#pump.stop(abortError(signal)));
    this.#pump.run();
  }

  get positions(): LogPositions {
    return this.#marks.positions;
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
      take: (line) => void this.#append(line, this.#settings.onFull === 'block' ? undefined : this.#room),
      takeLines: (bytes, start) => this.#appendLines(bytes, start),
      taken: () => this.#added(),
      isFull: () => this.#room.isFull,
      onRoom: (callback) => this.#room.wait(callback),
      flush: () => this.flush(),
      end: () => this.end(),
      stop: (error) => this.#pump.stop(error),
    });
    return this.#stream;
  }

  append(line: string | Uint8Array): LogPosition {
    return this.#append(line, this.#room);
  }

  whenWritten(position: LogPosition): Promise<void> {
    return this.#marks.whenWritten(position);
  }

  whenDurable(position: LogPosition): Promise<void> {
    return this.#marks.whenDurable(position);
  }

  whenStored(position: LogPosition): Promise<void> {
    return this.#marks.whenStored(position);
  }

  flush(): Promise<void> {
    this.#cut();
    const { durable, written } = this.#pump;
    return (this.#settings.fsync === 'flush' ? durable : written).wait(this.#intake.buffer.end);
  }

  async rotate(): Promise<void> {
    this.#assertRunning('The log writer has ended');
    this.#cut();
    await this.#pump.rotate(this.appended);
  }

  async checkpoint(): Promise<Checkpoint> {
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#cut();
    return this.#pump.checkpoint(this.appended);
  }

  end(): Promise<LogEnd> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async close(): Promise<void> {
    try {
      await this.end();
    } catch (error) {
      if (this.#settings.signal?.aborted !== true || this.#failure === undefined) throw error;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
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
    try {
      const notStored = await this.#spool?.end(this.#settings.signal);
      const { archive, positions, dropped } = this;
      return { archive, positions, dropped, ...(notStored !== undefined && { notStored }) };
    } finally {
      await this.#release();
    }
  }

  #assertRunning(message = 'append() came after the end of the log writer'): void {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#ended !== undefined) throw optionsTypeError(message);
  }

  #append(line: string | Uint8Array, room: Room | undefined): LogPosition {
    this.#assertRunning();
    if (this.#intake.add(line, room, this.#pump.trouble)) this.#added();
    return this.appended;
  }

  /** Appends whole lines that arrive together. @returns where the rest begins */
  #appendLines(bytes: Buffer, start: number): number {
    this.#assertRunning();
    const rest = this.#intake.addLines(bytes, start, this.#room);
    if (this.#intake.isUnitFull) this.#cut();
    return rest;
  }

  /** Lines were added. */
  #added(): void {
    if (this.#intake.isFull) this.#cut();
    else if (this.#intake.awaitFlush()) this.#arm();
  }

  #cut(): void {
    if (this.#intake.flush()) this.#marks.cut();
    this.#pump.run();
  }

  #onAlarm(): void {
    if (performance.now() >= this.#intake.flushAt) this.#cut();
    else this.#pump.run();
    this.#arm();
  }

  /** One timer for everything: it keeps the process alive only while a line is not safe. */
  #arm(): void {
    if (this.#failure !== undefined || this.#pump.isOver) return;
    const isBusy = this.#intake.buffer.length > 0 || !this.#pump.isIdle || this.#spool?.isAwaited === true;
    this.#alarm.set(Math.min(this.#intake.flushAt, this.#intake.heartbeat.dueAt, this.#pump.dueAt), isBusy);
  }

  #onMoved(): void {
    this.#room.moved();
    const positions = this.#marks.news();
    if (positions !== undefined) emitSafely(() => this.emit('positions', positions));
    this.#arm();
  }

  #onStopped(error: unknown): void {
    this.#failure = { error };
    this.#intake.buffer.wipe();
    this.#released = this.#release(error);
    this.#room.fail(error as Error);
    this.#stream?.destroy(error as Error);
    if (this.listenerCount('error') > 0) emitSafely(() => this.emit('error', error));
  }

  /** Releases everything. */
  async #release(error?: unknown): Promise<void> {
    this.#stopListening();
    this.#alarm.clear();
    if (error !== undefined) await this.#spool?.stop(error);
    // A file that is being created or written must be closed before another writer gets the lock.
    await this.#parts.chain.close(error, this.#pump.underWay);
    await this.#parts.lock.release();
    this.#intake.buffer.wipe();
  }
}
