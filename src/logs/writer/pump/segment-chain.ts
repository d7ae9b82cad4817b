import { isSealpipeError } from '../../../errors.js';
import type { FileSystem } from '../../../file-system.js';
import type { Checkpoint } from '../../archive/checkpoint.js';
import { openName } from '../../archive/segment-name.js';
import type { Acknowledgement } from '../../segments/acknowledgement.js';
import { AcknowledgementFile } from '../../segments/acknowledgement.js';
import { settleSegment } from '../../segments/found-segment.js';
import type { OpenSegment } from '../../segments/open-segment.js';
import { encodeControlUnit, encodeLines } from '../../units/unit.js';
import type { LineBatch } from '../lines/line-batch.js';
import { publishLog } from '../log-diagnostics.js';
import type { LogSettings } from '../options/log-options.js';
import type { EndedSegment, Succession } from './succession.js';

/** Times `rotate.bytes` that a segment may have when the next key cannot be had. */
const STRETCH = 4;
/** Milliseconds that it may last then. */
const LONGEST = 24 * 3_600_000;
/** Part of a rotation after which the next key is fetched. */
const AHEAD = 0.75;

/** A segment was given up: what is not durable in it must be sealed once more. */
export class GivenUp extends Error {}

/**
 * The segments that a writer writes, one after the other. One that cannot be written or made durable is given up as it
 * stands, and the next one follows it.
 */
export class SegmentChain {
  readonly #settings: LogSettings;
  readonly #files: FileSystem;
  readonly #succession: Succession;
  readonly #acknowledgements: AcknowledgementFile;
  #segment: OpenSegment | undefined;
  /** Given up, and not yet durable as it stands. */
  #unsettled: number | undefined;
  #acknowledged: Acknowledgement | undefined;
  #latest = 0;
  #isEnding = false;

  constructor(settings: LogSettings, files: FileSystem, succession: Succession, segment: OpenSegment) {
    this.#settings = settings;
    this.#files = files;
    this.#succession = succession;
    this.#segment = segment;
    this.#acknowledged = succession.acknowledged;
    this.#acknowledgements = new AcknowledgementFile(files, succession.folder);
  }

  /**
   * By `performance.now()`, when there is something to be done for the next segment; infinite if there is not.
   *
   * @param isWanted whether it is to begin at once
   */
  nextStepAt(isWanted: boolean): number {
    if (!this.hasLines) return Number.POSITIVE_INFINITY;
    if (!isWanted && !this.#isNear) return this.#aheadAt;
    return this.#succession.isReady ? this.#dueAt : this.#succession.askAt;
  }

  /** Why the key of the next segment could not be had. */
  get keyFailure(): unknown {
    return this.#succession.failure;
  }

  get isOpen(): boolean {
    return this.#segment !== undefined;
  }

  get hasLines(): boolean {
    return this.#segment?.hasLines === true;
  }

  /** Lines that end in the open segment. */
  get records(): number {
    return this.#segment?.records ?? 0;
  }

  get openBytes(): number {
    return this.#segment?.size ?? 0;
  }

  /** The segments that have ended since this was asked last. */
  takeEnded(): readonly EndedSegment[] {
    return this.#succession.takeEnded();
  }

  /** Whether the open segment has as much as a segment should. */
  get isDue(): boolean {
    return (this.#segment?.size ?? 0) >= this.#settings.rotateBytes || performance.now() >= this.#dueAt;
  }

  /** Whether it takes no more, although the next one cannot begin. */
  get isFull(): boolean {
    const { size = 0, since = performance.now() } = this.#segment ?? {};
    return size >= STRETCH * this.#settings.rotateBytes || performance.now() - since >= LONGEST;
  }

  /** Fetches the next key when it is time for that. */
  lookAhead(done: () => void): void {
    if (this.hasLines && this.#isNear) this.#succession.fetchAhead(done);
  }

  /** Sees to it that a segment is open and nothing of it is held. @throws (rejects) GivenUp; what opening fails with */
  async open(): Promise<void> {
    if (this.#segment === undefined) {
      if (this.#unsettled !== undefined) await this.#settleLast(this.#unsettled);
      this.#segment = await this.#succession.open();
      this.#latest = 0;
      this.#isEnding = false;
    }
    await this.#segment.write();
  }

  /** Seals and writes a batch. @throws (rejects) the error of the system: `open` then writes on */
  async put(batch: LineBatch): Promise<void> {
    const { compression } = this.#settings;
    const segment = this.#segment!;
    if ('record' in batch) {
      const time = this.#rising(batch.time);
      const unit = encodeControlUnit(batch.record, time, compression);
      segment.seal(unit, { lines: 0, first: time, last: time });
    } else {
      const first = this.#rising(batch.lines.first);
      const last = this.#rising(batch.lines.last);
      const unit = encodeLines({ ...batch.lines, first, last }, compression);
      const { lines, continued = false } = batch.lines;
      segment.seal(unit, { lines, first, last, continued });
    }
    await segment.write();
  }

  /**
   * Makes durable what is written, and keeps that. A sync that failed is never tried again.
   *
   * @throws (rejects) GivenUp; SealpipeError `ERR_SEALPIPE_ARCHIVE` if another writer has been here
   */
  async sync(): Promise<void> {
    const segment = this.#segment!;
    const { place } = segment;
    try {
      await segment.sync();
    } catch (error) {
      if (isSealpipeError(error)) throw error;
      await this.giveUp(error);
    }
    await this.#keep(place);
  }

  /** Makes the beginning of the open segment durable, and keeps that. @throws (rejects) like `open` and `sync` */
  async settle(): Promise<void> {
    await this.open();
    await this.sync();
  }

  /** Whether anything of the archive was made durable. */
  get isKept(): boolean {
    return this.#acknowledged !== undefined;
  }

  /** Where the archive stands, as far as it was made durable: only if it is kept. */
  get checkpoint(): Checkpoint {
    const { index, offset, digest, records } = this.#acknowledged!;
    return { archive: this.#succession.archive, index, offset, digest, records, closed: false };
  }

  /** Whether the open segment is on its way to its last frame: it takes no more lines. */
  get isEnding(): boolean {
    return this.#segment !== undefined && this.#isEnding;
  }

  /** Whether the next segment can begin; if not, its key is fetched. */
  canRotate(done: () => void): boolean {
    if (this.#succession.isReady) return true;
    this.#succession.fetchAhead(done);
    return false;
  }

  /**
   * Ends the open segment: last frame, sync, last name. May be called again after the error of a write.
   *
   * @throws (rejects) GivenUp; the error of the system
   */
  async finish(): Promise<void> {
    const segment = this.#segment!;
    this.#isEnding = true;
    await segment.finish();
    await this.sync();
    const { name, digest } = await segment.rename();
    this.#segment = undefined;
    const { index, offset } = this.#acknowledged!;
    publishLog({ event: 'sealed', archive: this.#succession.archive, index });
    const ended = { index, offset, whole: true, digest, name, size: segment.size };
    this.#succession.follow(ended, this.#acknowledged);
  }

  /** Leaves the open segment as it stands. @throws (rejects) GivenUp always */
  async giveUp(cause: unknown): Promise<never> {
    const segment = this.#segment!;
    this.#segment = undefined;
    this.#unsettled = segment.index;
    publishLog({ event: 'given-up', archive: this.#succession.archive, index: segment.index, error: cause });
    await segment.giveUp(cause);
    throw new GivenUp('The segment was given up', { cause });
  }

  /** Says that nothing can be written at the moment, or, without an error, that it can again. */
  tellWaiting(error?: unknown): void {
    const { archive, index } = this.#succession;
    publishLog({ event: error === undefined ? 'resumed' : 'waiting', archive, index, error });
  }

  /** Lets everything go as it is. @param underWay resolves when nobody works with it any more */
  async close(error?: unknown, underWay?: Promise<void>): Promise<void> {
    this.#succession.close(error);
    for (const before of [undefined, underWay]) {
      await before;
      const segment = this.#segment;
      this.#segment = undefined;
      await segment?.giveUp(error);
    }
    await this.#acknowledgements.close();
  }

  /** What was given up becomes durable as it stands: the next segment names its digest. */
  async #settleLast(index: number): Promise<void> {
    const place = { files: this.#files, folder: this.#succession.folder };
    const covering = this.#acknowledged?.index === index ? this.#acknowledged : undefined;
    const name = openName(index);
    const { offset, whole, digest, size } = await settleSegment(place, name, covering);
    this.#succession.follow({ index, offset, whole, digest, name, size }, this.#acknowledged);
    this.#unsettled = undefined;
  }

  async #keep(place: Acknowledgement): Promise<void> {
    this.#acknowledged = place;
    // What is durable is so with or without this: the next start merely knows less.
    await this.#acknowledgements.keep(place).catch(() => undefined);
  }

  /** Whether the next key is to be there. */
  get #isNear(): boolean {
    const isLarge = (this.#segment?.size ?? 0) >= AHEAD * this.#settings.rotateBytes;
    return isLarge || performance.now() >= this.#aheadAt;
  }

  get #dueAt(): number {
    const { since = Number.POSITIVE_INFINITY } = this.#segment ?? {};
    return since + this.#settings.rotateInterval;
  }

  get #aheadAt(): number {
    return this.#dueAt - (1 - AHEAD) * this.#settings.rotateInterval;
  }

  #rising(time: number): number {
    this.#latest = Math.max(this.#latest, time);
    return this.#latest;
  }
}
