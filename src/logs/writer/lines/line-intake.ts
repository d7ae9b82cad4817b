import { optionsTypeError } from '../../../errors.js';
import { isBytes } from '../../../realms.js';
import type { LogSettings } from '../options/log-options.js';
import type { Room } from '../spool/room.js';
import { DropCount } from './drop-count.js';
import { Heartbeat } from './heartbeat.js';
import type { LineBatch } from './line-batch.js';
import { clock, LineBuffer } from './line-buffer.js';

/** Bytes of lines that share a batch when many batches wait. */
const JOINED = 32_768;

/** The receiver of batches. */
export interface BatchSink {
  add(batch: LineBatch): void;
  /** Whether so many batches wait that further lines must share one. */
  readonly isCrowded: boolean;
}

/** Gathers lines into batches, and refuses or drops lines for which there is no room. */
export class LineIntake {
  readonly buffer: LineBuffer;
  readonly drops = new DropCount();
  readonly heartbeat: Heartbeat;
  readonly #settings: LogSettings;
  readonly #sink: BatchSink;
  /** Bytes of the log up to the last flush. */
  #flushed = 0;
  #isPutOff = false;
  #flushAt = Number.POSITIVE_INFINITY;

  /**
   * @param capacity the most bytes of text in a unit: at least 64 KiB
   * @param sink receives each flushed batch
   */
  constructor(settings: LogSettings, capacity: number, sink: BatchSink) {
    this.#settings = settings;
    this.#sink = sink;
    this.heartbeat = new Heartbeat(settings.heartbeat);
    this.buffer = new LineBuffer(capacity, (batch) => sink.add(batch));
  }

  /** When a flush is due even for few lines, by `performance.now()`; infinite if no line waits. */
  get flushAt(): number {
    return this.#flushAt;
  }

  /** Whether enough lines wait for a flush. */
  get isFull(): boolean {
    return this.buffer.bytes - this.#flushed >= this.#settings.flushBytes;
  }

  /** The same for lines that arrive together and may share a unit. */
  get isUnitFull(): boolean {
    return this.buffer.length >= this.#settings.unitBytes;
  }

  /** Sets the time of the next flush. @returns whether it was not set before and lines wait */
  awaitFlush(): boolean {
    if (this.#flushAt !== Number.POSITIVE_INFINITY || this.#isFlushed) return false;
    this.#flushAt = performance.now() + this.#settings.flushInterval;
    return true;
  }

  /**
   * Flushes the gathered lines. While many batches wait, a few lines are kept back, so that lines of later flushes
   * share their batch: until `flushPutOff`.
   *
   * @returns whether lines were flushed
   */
  flush(): boolean {
    this.#flushAt = Number.POSITIVE_INFINITY;
    if (this.#isFlushed) return false;
    this.#isPutOff = this.#isJoining && this.buffer.length < JOINED;
    if (this.#isPutOff) return false;
    this.#flush();
    return true;
  }

  /** Flushes the lines that were kept back. Call it when no batch waits any more. @returns whether there were any */
  flushPutOff(): boolean {
    if (!this.#isPutOff) return false;
    this.#flushAt = Number.POSITIVE_INFINITY;
    this.#isPutOff = false;
    this.#flush();
    return true;
  }

  /**
   * Adds a line, or drops it.
   *
   * @param room undefined if the source has already been held back: then its line is accepted
   * @param trouble why lines are not written
   * @returns whether it was added
   * @throws SealpipeError `ERR_SEALPIPE_LIMIT` if there is no room, or never will be; TypeError `ERR_SEALPIPE_OPTIONS`
   * for anything that is not a line
   */
  add(line: string | Uint8Array, room: Room | undefined, trouble: unknown): boolean {
    if (typeof line !== 'string' && !isBytes(line))
      throw optionsTypeError('A log takes lines of text or bytes');
    const over = room?.sizeOver(line);
    if (room !== undefined && over !== undefined) {
      if (this.#settings.onFull === 'block') throw room.refusal(trouble);
      this.drops.add(over + 1, clock());
      return false;
    }
    if (this.drops.isOpen) this.#recordDrops();
    if (typeof line === 'string') this.buffer.addText(line);
    else this.buffer.addBytes(line);
    return true;
  }

  /** Adds whole lines, each with its newline, until a unit is full. @returns where the remaining lines begin */
  addLines(bytes: Buffer, start: number, room: Room): number {
    const { unitBytes } = this.#settings;
    const most = (this.#isJoining ? Math.max(unitBytes, JOINED) : unitBytes) - this.buffer.length;
    // Lines without room are refused or counted one by one, and their record goes between the batches.
    if (this.drops.isOpen || !room.has(most)) return start;
    return this.buffer.addLines(bytes, start, most);
  }

  /** The writer's own record, if one is due. Called while no line waits. */
  ownRecord(): LineBatch | undefined {
    const { start } = this.buffer;
    return this.drops.isOpen ? this.drops.take(start) : this.heartbeat.take(start);
  }

  /** Whether there was no line since the last flush. */
  get #isFlushed(): boolean {
    return this.buffer.bytes === this.#flushed;
  }

  /** Whether a few lines are kept back. */
  get #isJoining(): boolean {
    return this.#isPutOff || this.#sink.isCrowded;
  }

  #flush(): void {
    this.heartbeat.restart();
    this.buffer.flush();
    this.#flushed = this.buffer.bytes;
  }

  #recordDrops(): void {
    this.buffer.flush();
    this.#sink.add(this.drops.take(this.buffer.end));
  }
}
