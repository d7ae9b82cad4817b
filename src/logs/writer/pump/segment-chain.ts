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

/** How many times `rotate.bytes` a segment may reach while the next key is unavailable. */
const STRETCH = 4;
/** Milliseconds for which it may be continued in that case. */
const LONGEST = 24 * 3_600_000;
/** The fraction of a rotation after which the next key is fetched. */
const AHEAD = 0.75;

/** A segment was given up: what is not durable in it must be sealed again. */
export class GivenUp extends Error {}

/**
 * The segments that a writer writes, one after the other. A segment that cannot be written or made durable is given up
 * as it is, and the next one follows.
 */
export class SegmentChain {
  readonly #settings: LogSettings;
  readonly #files: FileSystem;
  readonly #succession: Succession;
  readonly #acknowledgements: AcknowledgementFile;
  #segment: OpenSegment | undefined;
  /** The index of a segment that was given up and is not durable yet. */
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
   * When something must be done for the next segment, by `performance.now()`; infinite if nothing must be done.
   *
   * @param isWanted whether the next segment should begin at once
   */
  nextStepAt(isWanted: boolean): number {
    if (!this.hasLines) return Number.POSITIVE_INFINITY;
    if (!isWanted && !this.#isNear) return this.#aheadAt;
    return this.#succession.isReady ? this.#dueAt : this.#succession.askAt;
  }

  /** The error of the last key call for the next segment; undefined if it did not fail. */
  get keyFailure(): unknown {
    return this.#succession.failure;
  }

  get isOpen(): boolean {
    return this.#segment !== undefined;
  }

  get hasLines(): boolean {
    return this.#segment?.hasLines === true;
  }

  get openBytes(): number {
    return this.#segment?.size ?? 0;
  }

  /** The segments that have ended since the last call. */
  takeEnded(): readonly EndedSegment[] {
    return this.#succession.takeEnded();
  }

  /** Whether the open segment is large or old enough to end. */
  get isDue(): boolean {
    return (this.#segment?.size ?? 0) >= this.#settings.rotateBytes || performance.now() >= this.#dueAt;
  }

  /** Whether the open segment takes no more lines, even if the next one cannot begin. */
  get isFull(): boolean {
    const { size = 0, since = performance.now() } = this.#segment ?? {};
    return size >= STRETCH * this.#settings.rotateBytes || performance.now() - since >= LONGEST;
  }

  /** Fetches the next key if it is needed soon. */
  lookAhead(done: () => void): void {
    if (this.hasLines && this.#isNear) this.#succession.fetchAhead(done);
  }

  /** Opens a segment if none is open, and writes its pending frame. @throws (rejects) GivenUp; the error of opening */
  async open(): Promise<void> {
    if (this.#segment === undefined) {
      if (this.#unsettled !== undefined) await this.#settleLast(this.#unsettled);
      this.#segment = await this.#succession.open();
      this.#latest = 0;
      this.#isEnding = false;
    }
    await this.#segment.write();
  }

  /** Seals and writes a batch. @throws (rejects) the error of the system; `open` then continues writing */
  async put(batch: LineBatch): Promise<void> {
    const { compression } = this.#settings;
    const segment = this.#segment!;
    if ('record' in batch) {
      const time = this.#rising(batch.time);
      const { records } = segment;
      const record = batch.record.kind === 'heartbeat' ? { ...batch.record, records } : batch.record;
      const unit = encodeControlUnit(record, time, compression);
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
   * Makes written frames durable, and records that. A failed sync is never repeated.
   *
   * @throws (rejects) GivenUp; SealpipeError `ERR_SEALPIPE_ARCHIVE` if another writer was active here
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

  /** Makes the beginning of the open segment durable, and records that. @throws (rejects) like `open` and `sync` */
  async settle(): Promise<void> {
    await this.open();
    await this.sync();
  }

  /** Whether any part of the archive was made durable. */
  get isKept(): boolean {
    return this.#acknowledged !== undefined;
  }

  /** The state of the archive, as far as it was made durable. Only if `isKept`. */
  get checkpoint(): Checkpoint {
    const { index, offset, digest, records } = this.#acknowledged!;
    return { archive: this.#succession.archive, index, offset, digest, records, closed: false };
  }

  /** Whether the open segment is being finished, so that it takes no more lines. */
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
   * Ends the open segment: last frame, sync, final name. May be called again after the error of a write.
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

  /** Leaves the open segment as it is. @throws (rejects) always GivenUp */
  async giveUp(cause: unknown): Promise<never> {
    const segment = this.#segment!;
    this.#segment = undefined;
    this.#unsettled = segment.index;
    publishLog({ event: 'given-up', archive: this.#succession.archive, index: segment.index, error: cause });
    await segment.giveUp(cause);
    throw new GivenUp('The segment was given up', { cause });
  }

  /** Reports that nothing can be written at the moment or, without an error, that writing works again. */
  tellWaiting(error?: unknown): void {
    const { archive, index } = this.#succession;
    publishLog({ event: error === undefined ? 'resumed' : 'waiting', archive, index, error });
  }

  /** Releases everything as it is. @param underWay resolves when nothing uses it any more */
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

  /** Makes a segment that was given up durable as it is, because the next one contains its digest. */
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
    // If this fails, lines are still durable: the next start only knows less.
    await this.#acknowledgements.keep(place).catch(() => undefined);
  }

  /** Whether the next key is needed soon. */
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
