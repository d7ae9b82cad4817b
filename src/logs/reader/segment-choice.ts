import type { SealedIndex } from '../archive/sealed-index.js';
import { sealedIndex } from '../archive/sealed-index.js';
import { gapBetween } from '../archive/segment-list.js';
import type { SegmentName } from '../archive/segment-name.js';
import type { SegmentShelf } from './segment-shelf.js';
import type { TimeRange } from './time-range.js';
import { overlaps } from './time-range.js';

/** How the segments of a range were found. */
export interface Choice {
  /** Those to be read, in their order. */
  readonly segments: readonly SegmentName[];
  /** Segments that no name had promised: they were found by looking at the neighbours of those that were. */
  readonly widened: number;
  /** The first segment that is there bounds the range: nothing may be missing before it. */
  readonly fromFirst: boolean;
}

/**
 * Chooses the segments of a range of times by their names, which are hints, since whoever can rename files can change them.
 * So the neighbours of what is chosen are opened: what their indexes say, which is authentic, must lie outside of the
 * range, or they are read as well, and their neighbours are opened in turn. Torn segments, and those without an index, are
 * always read.
 *
 * @param segments of the whole archive, in their order
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_ARCHIVE` if one is missing among those that were looked at
 */
export async function chooseByNames(
  segments: readonly SegmentName[],
  range: TimeRange,
  shelf: SegmentShelf,
): Promise<Choice> {
  const chosen = new Set<number>();
  const looked = new Map<number, SealedIndex | undefined>();
  let named = 0;
  for (const [i, { open, range: hint }] of segments.entries()) {
    if (!open && (hint === null || !overlaps(range, hint))) continue;
    chosen.add(i);
    if (!open) named += 1;
  }
  const hinted = chosen.size;
  const queue = [...chosen].flatMap((i) => [i - 1, i + 1]);
  if (named === 0) queue.push(...around(segments, range));
  for (let i = queue.shift(); i !== undefined; i = queue.shift()) {
    const segment = segments[i];
    if (segment === undefined || chosen.has(i) || looked.has(i)) continue;
    const index = await sealedIndex(await shelf.take(segment));
    looked.set(i, index);
    if (!mayHold(range, index)) continue;
    chosen.add(i);
    queue.push(i - 1, i + 1);
  }
  for (const [i, { index }] of segments.entries()) {
    const [here, next] = [i, i + 1].map((at) => chosen.has(at) || looked.has(at));
    if (here && next && segments[i + 1]!.index !== index + 1) throw gapBetween(index, segments[i + 1]!.index);
  }
  const order = [...chosen].sort((a, b) => a - b);
  const first = looked.get(0);
  return {
    segments: order.map((i) => segments[i]!),
    widened: chosen.size - hinted,
    fromFirst: chosen.has(0) || (first?.type === 'index' && first.first >= range.until),
  };
}

/**
 * Chooses the segments of a range of times by the index of every one of them.
 *
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_ARCHIVE` if one is missing
 */
export async function chooseByIndexes(
  segments: readonly SegmentName[],
  range: TimeRange,
  shelf: SegmentShelf,
): Promise<Choice> {
  const chosen: SegmentName[] = [];
  for (const [i, segment] of segments.entries()) {
    const { index: before = segment.index - 1 } = segments[i - 1] ?? {};
    if (segment.index !== before + 1) throw gapBetween(before, segment.index);
    const index = segment.open ? undefined : await sealedIndex(await shelf.take(segment));
    if (index === undefined || (index.type === 'index' && overlaps(range, index))) chosen.push(segment);
  }
  return { segments: chosen, widened: 0, fromFirst: true };
}

/** Whether a segment may hold lines of the range, or says nothing of where the range ends. */
function mayHold(range: TimeRange, index: SealedIndex | undefined): boolean {
  return index === undefined || index.type === 'empty' || overlaps(range, index);
}

/** The two between which a range lies that no name promises. */
function around(segments: readonly SegmentName[], { since, until }: TimeRange): number[] {
  const before = segments.findLastIndex(({ range }) => range !== null && range.last < since);
  const after = segments.findIndex(({ range }) => range !== null && range.first >= until);
  return [before, after];
}
