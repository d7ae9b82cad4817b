import { EMPTY_RECORD_SIZE } from '../../frames/layout.js';
import type { OpenedSegment } from '../archive/reading/opened-segment.js';
import { inSegment } from '../archive/reading/segment-fault.js';
import type { TornEnd } from '../archive/reading/segment-units.js';
import { SegmentUnits } from '../archive/reading/segment-units.js';
import { LineJoiner } from '../units/line-joiner.js';
import { IndexCheck } from './index-check.js';

/** The content of a segment. */
export interface SegmentContents {
  readonly isFinal: boolean;
  readonly torn: TornEnd | undefined;
  readonly lines: number;
  readonly first: number | null;
  readonly last: number | null;
  readonly dropped: number;
  /** Segments that lost acknowledged lines, according to this one. */
  readonly losses: readonly number[];
  /** Lines that end before the requested offset; undefined if it is not a frame boundary. */
  readonly linesBefore: number | undefined;
}

/**
 * Opens every frame of a segment and keeps only counts.
 *
 * @param at an offset after the preamble
 * @throws (rejects) the errors of a reader of the segment
 */
export async function checkContents(
  segment: OpenedSegment,
  at: number | undefined,
): Promise<SegmentContents> {
  const units = new SegmentUnits(segment);
  const joiner = new LineJoiner();
  const check = new IndexCheck();
  const losses: number[] = [];
  let [lines, dropped] = [0, 0];
  let linesBefore: number | undefined;
  const range = { first: Number.POSITIVE_INFINITY, last: -1 };
  for await (const placed of units.walk()) {
    const { unit, offset } = placed;
    if (offset === at) linesBefore = lines;
    if (unit.type === 'index') {
      asOf(segment, () => check.assertRight(unit, lines));
      continue;
    }
    check.add(placed, lines);
    range.first = Math.min(range.first, unit.first);
    range.last = Math.max(range.last, unit.last);
    if (unit.type === 'lines') lines += asOf(segment, () => joiner.take(unit).count);
    else if (unit.record?.kind === 'drop') dropped += unit.record.lines;
    else if (unit.record?.kind === 'predecessor' && unit.record.loss) losses.push(unit.record.index);
  }
  const { isFinal, torn, offset } = units;
  if (offset === at || (isFinal && offset - EMPTY_RECORD_SIZE === at)) linesBefore = lines;
  const hasTimes = range.last >= 0;
  return {
    isFinal,
    torn,
    lines,
    first: hasTimes ? range.first : null,
    last: hasTimes ? range.last : null,
    dropped,
    losses,
    linesBefore,
  };
}

function asOf<T>(segment: OpenedSegment, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw inSegment(error, segment.name.name);
  }
}
