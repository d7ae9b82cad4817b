import { optionsTypeError } from '../../../errors.js';
import { isBytes } from '../../../realms.js';
import type { LogSettings } from '../options/log-options.js';
import type { Room } from '../spool/room.js';
import { DropCount } from './drop-count.js';
import { Heartbeat } from './heartbeat.js';
import type { LineBatch } from './line-batch.js';
import { clock, LineBuffer } from './line-buffer.js';

/** Gathers lines into batches, and refuses or drops those for which there is no room. */
export class LineIntake {
  readonly buffer: LineBuffer;
  readonly drops = new DropCount();
  readonly heartbeat: Heartbeat;
  readonly #settings: LogSettings;
  readonly #give: (batch: LineBatch) => void;
  /** Bytes of the log up to the last flush. */
  #flushed = 0;
  #flushAt = Number.POSITIVE_INFINITY;

  /**
   * @param capacity bytes of text that a unit can hold
   * @param give takes what is flushed
   */
  constructor(settings: LogSettings, capacity: number, give: (batch: LineBatch) => void) {
    this.#settings = settings;
    this.#give = give;
    this.heartbeat = new Heartbeat(settings.heartbeat);
    this.buffer = new LineBuffer(capacity, give);
  }

  /** By `performance.now()`: when a flush is due, however few lines there are; infinite if there are none. */
  get flushAt(): number {
    return this.#flushAt;
  }

  /** Whether there are so many lines that a flush is due. */
  get isFull(): boolean {
    return this.buffer.bytes - this.#flushed >= this.#settings.flushBytes;
  }

  /** The same for lines that come at once, and may share a unit. */
  get isUnitFull(): boolean {
    return this.buffer.length >= this.#settings.unitBytes;
  }

  /** Sets the time of the next flush. @returns whether it was not set before, and there are lines */
  awaitFlush(): boolean {
    if (this.#flushAt !== Number.POSITIVE_INFINITY || this.#isFlushed) return false;
    this.#flushAt = performance.now() + this.#settings.flushInterval;
    return true;
  }

  /** Gives what is gathered. @returns whether any line came since the last flush */
  flush(): boolean {
    this.#flushAt = Number.POSITIVE_INFINITY;
    if (this.#isFlushed) return false;
    this.heartbeat.restart();
    this.buffer.flush();
    this.#flushed = this.buffer.bytes;
    return true;
  }

  /**
   * Adds a line, or drops it.
   *
   * @param room undefined if the source was held back before: its line is taken
   * @param trouble why lines are not written
   * @returns whether it was added
   * @throws SealpipeError `ERR_SEALPIPE_LIMIT` if there is no room, or never will be; TypeError `ERR_SEALPIPE_OPTIONS`
   * for what is no line
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

  /** Adds whole lines, each with its newline, up to the one that fills a unit. @returns where the rest begins */
  addLines(bytes: Buffer, start: number, room: Room): number {
    const most = this.#settings.unitBytes - this.buffer.length;
    // Lines that find no room are refused or counted one by one, and their record stands between the batches.
    if (this.drops.isOpen || !room.has(most)) return start;
    return this.buffer.addLines(bytes, start, most);
  }

  /** What the writer says of itself while nothing waits. @param records lines of the segment so far */
  ownRecord(records: number): LineBatch | undefined {
    const { start } = this.buffer;
    return this.drops.isOpen ? this.drops.take(start) : this.heartbeat.take(records, start);
  }

  /** Whether no line came since the last flush. */
  get #isFlushed(): boolean {
    return this.buffer.bytes === this.#flushed;
  }

  #recordDrops(): void {
    this.buffer.flush();
    this.#give(this.drops.take(this.buffer.end));
  }
}
