import type { OpenedSegment } from '../archive/reading/opened-segment.js';
import type { TornEnd } from '../archive/reading/segment-units.js';
import type { ControlRecord } from '../units/control-record.js';
import type { UnitBatch } from './log-batch.js';
import type { SegmentKey } from './segment-key.js';
import type { SegmentLines } from './segment-lines.js';
import type { SegmentShelf } from './selection/segment-shelf.js';

/** The end of a segment without its last frame. */
export interface TornSegment extends TornEnd {
  /** Its index. */
  readonly segment: number;
  /** Bytes of a line whose end is missing. It was never acknowledged, and was not returned. */
  readonly unfinished: number;
}

/** The report of what was read of one archive so far: plain JSON. */
export interface ArchiveReport {
  /** Its id, in hex. */
  readonly archive: string;
  /**
   * How segments were chosen: all of them; by their names and the indexes of their neighbours; in a bucket, whose names
   * have no times, by a bisection of their indexes and by their neighbours; or by every index.
   */
  readonly way: 'all' | 'names' | 'bisection' | 'indexes';
  /** Segments that no name or search suggested, but that were read because of an index. */
  readonly widened: number;
  /** Segments that were opened. */
  readonly opened: number;
  /** Segments that were read. */
  readonly read: number;
  /** Lines that were returned. */
  readonly lines: number;
  /** Bytes of them. */
  readonly bytes: number;
  /** Lines in this range that the writer had to drop, according to its records. */
  readonly dropped: number;
  /** Segments that lost acknowledged lines, according to the next writer. */
  readonly losses: readonly number[];
  /** Segments without their last frame whose end is confirmed by the digest in the next segment. */
  readonly torn: readonly TornSegment[];
  /** The last segment, if it was read and has no last frame. */
  readonly tail: TornSegment | null;
  /** Whether the archive is closed; also false if its end was not read. */
  readonly closed: boolean;
  /** The keys that opened segments. */
  readonly keys: readonly SegmentKey[];
}

/** Counts what was read of one archive. */
export class ReadingTally {
  readonly #archive: string;
  readonly #shelf: SegmentShelf;
  readonly #read = new Set<number>();
  readonly #torn = new Map<number, TornSegment>();
  readonly #losses = new Set<number>();
  #way: ArchiveReport['way'] = 'all';
  #widened = 0;
  #lines = 0;
  #bytes = 0;
  #dropped = 0;
  #tail: TornSegment | null = null;
  #closed = false;

  constructor(archive: string, shelf: SegmentShelf) {
    this.#archive = archive;
    this.#shelf = shelf;
  }

  chose(way: ArchiveReport['way'], widened: number): void {
    this.#way = way;
    this.#widened = widened;
  }

  /** @returns the batch */
  batch(batch: UnitBatch): UnitBatch {
    this.#lines += batch.count;
    this.#bytes += batch.bytes;
    return batch;
  }

  control(record: ControlRecord): void {
    if (record.kind === 'drop') this.#dropped += record.lines;
    if (record.kind === 'predecessor' && record.loss) this.#losses.add(record.index);
  }

  /** A segment was read to its end. @param hasNext whether the next segment confirms it */
  read(segment: OpenedSegment, { torn, unfinished, isFinal }: SegmentLines, hasNext: boolean): void {
    const { index, header } = segment;
    this.#read.add(index);
    const end = torn === undefined ? undefined : { segment: index, ...torn, unfinished };
    if (hasNext && end !== undefined) this.#torn.set(index, end);
    if (!hasNext) this.#tail = end ?? null;
    else if (this.#tail?.segment === index) this.#tail = null;
    this.#closed = isFinal && header.chain.closed === true;
  }

  get report(): ArchiveReport {
    return {
      archive: this.#archive,
      way: this.#way,
      widened: this.#widened,
      opened: this.#shelf.opened,
      read: this.#read.size,
      lines: this.#lines,
      bytes: this.#bytes,
      dropped: this.#dropped,
      losses: [...this.#losses],
      torn: [...this.#torn.values()],
      tail: this.#tail,
      closed: this.#closed,
      keys: this.#shelf.keys,
    };
  }
}
