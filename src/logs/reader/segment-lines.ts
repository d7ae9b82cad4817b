import type { OpenedSegment } from '../archive/reading/opened-segment.js';
import { inSegment } from '../archive/reading/segment-fault.js';
import type { TornEnd } from '../archive/reading/segment-units.js';
import { SegmentUnits } from '../archive/reading/segment-units.js';
import type { ControlRecord } from '../units/control-record.js';
import { LineJoiner } from '../units/line-joiner.js';
import type { TimeIndex } from '../units/time-index.js';
import { UnitBatch } from './log-batch.js';
import type { TimeRange } from './selection/time-range.js';
import { ALWAYS, overlaps } from './selection/time-range.js';

/** The part of a segment with a range of times, according to its index. */
interface Part {
  readonly frame: number;
  readonly offset: number;
  readonly records: number;
  /** Its end; undefined for the end of the segment. */
  readonly end: number | undefined;
}

const ALL: Part = { frame: 0, offset: 0, records: 0, end: undefined };

/** Reads the lines of one segment, in batches of one unit. If the segment grows, reading can continue. */
export class SegmentLines {
  readonly #segment: OpenedSegment;
  readonly #archive: string;
  readonly #range: TimeRange;
  readonly #part: Part;
  readonly #units: SegmentUnits;
  readonly #joiner = new LineJoiner();
  readonly #onControl: (record: ControlRecord) => void;
  #records: number;

  constructor(
    segment: OpenedSegment,
    archive: string,
    onControl: (record: ControlRecord) => void = () => undefined,
    range: TimeRange = ALWAYS,
    index?: TimeIndex,
  ) {
    this.#segment = segment;
    this.#archive = archive;
    this.#range = range;
    this.#onControl = onControl;
    this.#part = index === undefined ? ALL : partOf(index, range);
    this.#units = new SegmentUnits(segment, this.#part);
    this.#records = this.#part.records;
  }

  /** The last frame has verified. */
  get isFinal(): boolean {
    return this.#units.isFinal;
  }

  /** The end of the segment, if it has no last frame. */
  get torn(): TornEnd | undefined {
    return this.#units.torn;
  }

  /** Bytes of a line whose end is missing. */
  get unfinished(): number {
    return this.#joiner.unfinished;
  }

  /** The available batches. May be called again when there are more. @throws (rejects) like `SegmentUnits.walk` */
  async *batches(): AsyncGenerator<UnitBatch, void, void> {
    for await (const { unit, offset } of this.#units.walk(this.#part.end)) {
      if (unit.type === 'control') {
        if (unit.record !== undefined) this.#onControl(unit.record);
        continue;
      }
      if (unit.type === 'index') continue;
      const lines = this.#take(() => this.#joiner.take(unit));
      const record = this.#records;
      this.#records += lines.count;
      if (lines.count === 0 || !overlaps(this.#range, unit)) continue;
      const place = { archive: this.#archive, segment: this.#segment.index, offset, record };
      yield new UnitBatch(place, unit, lines);
    }
  }

  #take<T>(take: () => T): T {
    try {
      return take();
    } catch (error) {
      throw inSegment(error, this.#segment.name.name);
    }
  }
}

/** From the first entry that overlaps a range up to the end of the last one. */
function partOf({ entries, records }: TimeIndex, range: TimeRange): Part {
  const from = entries.findIndex((entry) => overlaps(range, entry));
  if (from === -1) return { frame: 0, offset: 0, records, end: 0 };
  const to = entries.findLastIndex((entry) => overlaps(range, entry));
  const { frame, offset, records: before } = entries[from]!;
  return { frame, offset, records: before, end: entries[to + 1]?.offset };
}
