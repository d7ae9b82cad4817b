import type { SealedIndex } from '../../archive/reading/sealed-index.js';
import { sealedIndex } from '../../archive/reading/sealed-index.js';
import { gapBetween } from '../../archive/segment-list.js';
import type { SegmentName } from '../../archive/segment-name.js';
import type { SegmentShelf } from './segment-shelf.js';
import type { TimeRange } from './time-range.js';
import { overlaps } from './time-range.js';

/** How the segments of a range were chosen. */
export interface Choice {
  /** By their names and the indexes of their neighbours, by a search of the indexes, or by every index. */
  readonly way: 'names' | 'bisection' | 'indexes';
  /** The segments to read, in order. */
  readonly segments: readonly SegmentName[];
  /** Segments that no hint suggested, found by checking neighbours. */
  readonly widened: number;
  /** Whether the range begins before the first existing segment, so that nothing may be missing before that. */
  readonly fromFirst: boolean;
}

/** The indexes of the segments of an archive, each opened only once. */
export class IndexLooks {
  readonly #segments: readonly SegmentName[];
  readonly #shelf: SegmentShelf;
  readonly #looked = new Map<number, SealedIndex | undefined>();

  constructor(segments: readonly SegmentName[], shelf: SegmentShelf) {
    this.#segments = segments;
    this.#shelf = shelf;
  }

  /** @param i a place in the list of segments @throws (rejects) like `OpenedSegment.open` and `sealedIndex` */
  async at(i: number): Promise<SealedIndex | undefined> {
    if (!this.#looked.has(i)) {
      this.#looked.set(i, await sealedIndex(await this.#shelf.take(this.#segments[i]!)));
    }
    return this.#looked.get(i);
  }

  has(i: number): boolean {
    return this.#looked.has(i);
  }

  /** Whether the times that were found increase with the place, like those of a clock that is never set back. */
  get rise(): boolean {
    const places = [...this.#looked.keys()].sort((a, b) => a - b);
    const ranges = places.flatMap((i) => {
      const index = this.#looked.get(i);
      return index?.type === 'index' ? [index] : [];
    });
    return ranges.every(({ first, last }, i) => {
      const before = ranges[i - 1];
      return before === undefined || (before.first <= first && before.last <= last);
    });
  }
}

/**
 * Chooses the segments of a range of times by their names, which are only hints, since anyone who can rename files can
 * change them. So the neighbours of chosen segments are opened: their indexes, which are authentic, must be outside the
 * range. Otherwise they are read as well, and their neighbours are opened next. If the times that were found do not
 * increase, the index of every segment is opened. Torn segments, and those without an index, are always read.
 *
 * @param segments of the whole archive, in order
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_ARCHIVE` if one is missing among those that were checked
 */
export async function chooseByNames(
  segments: readonly SegmentName[],
  range: TimeRange,
  shelf: SegmentShelf,
): Promise<Choice> {
  const chosen = new Set<number>();
  let named = 0;
  for (const [i, { open, range: hint }] of segments.entries()) {
    if (!open && !(hint && overlaps(range, hint))) continue;
    chosen.add(i);
    if (!open) named += 1;
  }
  const queue = [...chosen].flatMap((i) => [i - 1, i + 1]);
  if (named === 0) queue.push(...around(segments, range));
  const looks = new IndexLooks(segments, shelf);
  const choice = await widened(segments, range, looks, chosen, queue);
  if (await isRestOutside(segments.length, range, looks, chosen)) return { way: 'names', ...choice };
  return await chooseByLooks(segments, range, looks);
}

/** Chooses the segments of a range of times by the index of every segment, after hints that were wrong. */
export async function chooseByLooks(
  segments: readonly SegmentName[],
  range: TimeRange,
  looks: IndexLooks,
): Promise<Choice> {
  const chosen = new Set<number>();
  for (const i of segments.keys()) {
    const index = await looks.at(i);
    if (index === undefined || (index.type === 'index' && overlaps(range, index))) chosen.add(i);
  }
  const neighbours = [...segments.keys()].filter((i) => !chosen.has(i));
  return { way: 'indexes', ...(await widened(segments, range, looks, chosen, neighbours)) };
}

/**
 * Whether all segments that were not looked at are before or after a range, if times increase: those before a segment
 * that is before the range, and those after a segment that is after it. Otherwise names are wrong, or the clock jumped.
 */
async function isRestOutside(
  count: number,
  { since, until }: TimeRange,
  looks: IndexLooks,
  chosen: ReadonlySet<number>,
): Promise<boolean> {
  let isAfter = false;
  let isPassed = true;
  for (let i = 0; i < count; i++) {
    if (chosen.has(i) || looks.has(i)) {
      const index = looks.has(i) ? await looks.at(i) : undefined;
      const isBefore = index?.type === 'index' && index.last < since;
      if (!isPassed && !isBefore) return false;
      isPassed = true;
      isAfter = index?.type === 'index' && index.first >= until;
    } else if (!isAfter) isPassed = false;
  }
  return isPassed;
}

/**
 * Checks the neighbours of chosen segments and chooses them as well if needed, until the chosen ones lie between
 * segments whose indexes are outside the range.
 *
 * @param chosen places in the list of segments, to which more are added
 * @param queue places to check
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_ARCHIVE` if one is missing among those that were checked
 */
export async function widened(
  segments: readonly SegmentName[],
  range: TimeRange,
  looks: IndexLooks,
  chosen: Set<number>,
  queue: number[],
): Promise<Omit<Choice, 'way'>> {
  const hinted = chosen.size;
  const seen = new Set<number>();
  for (let i = queue.shift(); i !== undefined; i = queue.shift()) {
    if (segments[i] === undefined || chosen.has(i) || seen.has(i)) continue;
    seen.add(i);
    if (!mayHold(range, await looks.at(i))) continue;
    chosen.add(i);
    queue.push(i - 1, i + 1);
  }
  for (const [i, { index }] of segments.entries()) {
    const [here, next] = [i, i + 1].map((at) => chosen.has(at) || seen.has(at));
    if (here && next && segments[i + 1]!.index !== index + 1) throw gapBetween(index, segments[i + 1]!.index);
  }
  const order = [...chosen].sort((a, b) => a - b);
  const first = looks.has(0) ? await looks.at(0) : undefined;
  return {
    segments: order.map((i) => segments[i]!),
    widened: chosen.size - hinted,
    fromFirst: chosen.has(0) || (first?.type === 'index' && first.first >= range.until),
  };
}

/**
 * Chooses the segments of a range of times by the index of every segment.
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
  return { way: 'indexes', segments: chosen, widened: 0, fromFirst: true };
}

/** Whether a segment may hold lines of the range, or does not show where the range ends. */
function mayHold(range: TimeRange, index: SealedIndex | undefined): boolean {
  return index === undefined || index.type === 'empty' || overlaps(range, index);
}

/** The two segments around a range that no name suggests. */
function around(segments: readonly SegmentName[], { since, until }: TimeRange): number[] {
  const before = segments.findLastIndex(({ range }) => range && range.last < since);
  const after = segments.findIndex(({ range }) => range && range.first >= until);
  return [before, after];
}
