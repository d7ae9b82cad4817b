import type { SealedIndex } from '../archive/sealed-index.js';
import { sealedIndex } from '../archive/sealed-index.js';
import type { SegmentName } from '../archive/segment-name.js';
import type { SegmentShelf } from './segment-shelf.js';
import type { TimeRange } from './time-range.js';
import { overlaps } from './time-range.js';

/** How the segments of a range were found. */
export interface Choice {
  /** Those to be read, in their order. */
  readonly segments: readonly SegmentName[];
  /** Which the names had promised, and which were found by looking at their neighbours. */
  readonly named: number;
  readonly widened: number;
}

/**
 * Chooses the segments of a range of times by their names, which are hints, since whoever can rename files can change them.
 * So the neighbours of what is chosen are opened: what their indexes say, which is authentic, must lie outside of the
 * range, or they are read as well, and their neighbours are opened in turn. Torn segments, and those without an index, are
 * always read.
 *
 * @param segments of the whole archive, in their order
 */
export async function chooseByNames(
  segments: readonly SegmentName[],
  range: TimeRange,
  shelf: SegmentShelf,
): Promise<Choice> {
  const chosen = new Set<number>();
  const looked = new Set<number>();
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
    looked.add(i);
    if (!mayHold(range, await sealedIndex(await shelf.take(segment)))) continue;
    chosen.add(i);
    queue.push(i - 1, i + 1);
  }
  const order = [...chosen].sort((a, b) => a - b);
  return { segments: order.map((i) => segments[i]!), named: hinted, widened: chosen.size - hinted };
}

/** Chooses the segments of a range of times by the index of every one of them. */
export async function chooseByIndexes(
  segments: readonly SegmentName[],
  range: TimeRange,
  shelf: SegmentShelf,
): Promise<Choice> {
  const chosen: SegmentName[] = [];
  for (const segment of segments) {
    const index = segment.open ? undefined : await sealedIndex(await shelf.take(segment));
    if (index === undefined || (index.type === 'index' && overlaps(range, index))) chosen.push(segment);
  }
  return { segments: chosen, named: chosen.length, widened: 0 };
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
