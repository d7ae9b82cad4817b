import type { SegmentName } from '../../archive/segment-name.js';
import type { IndexUnit } from '../../units/unit.js';
import type { Choice } from './segment-choice.js';
import { chooseByLooks, IndexLooks, widened } from './segment-choice.js';
import type { SegmentShelf } from './segment-shelf.js';
import type { TimeRange } from './time-range.js';

/** With so few segments, a search would open almost all of them. */
const FEW = 8;

/**
 * Chooses the segments of a range of times by a bisection of their indexes, if names have no times. The result is only
 * a hint, because clocks jump, so the neighbours are checked like with names. If the times that were found do not
 * increase, the index of every segment is opened.
 *
 * @param segments of the whole archive, in order
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_ARCHIVE` if one is missing among those that were checked
 */
export async function chooseByBisection(
  segments: readonly SegmentName[],
  range: TimeRange,
  shelf: SegmentShelf,
): Promise<Choice> {
  const looks = new IndexLooks(segments, shelf);
  if (segments.length > FEW) {
    const [from, to] = await searched(segments.length, range, looks);
    const chosen = new Set(Array.from({ length: to - from }, (_, i) => from + i));
    const choice = await widened(segments, range, looks, chosen, [from - 1, to]);
    if (looks.rise) return { way: 'bisection', ...choice };
  }
  return await chooseByLooks(segments, range, looks);
}

/** The places of the range if times increase: `from` is the first one in it, and `to` the first one after it. */
async function searched(
  count: number,
  { since, until }: TimeRange,
  looks: IndexLooks,
): Promise<readonly [from: number, to: number]> {
  const from =
    since === Number.NEGATIVE_INFINITY ? 0 : await firstOf(0, count, ({ last }) => last >= since, looks);
  if (until === Number.POSITIVE_INFINITY) return [from, count];
  const isBehind = ({ first }: IndexUnit): boolean => first >= until;
  // Ranges are usually short, so the search for the end starts near the beginning.
  let [low, high] = [from, from];
  for (let step = 1; high < count; step *= 2) {
    const index = await looks.at(high);
    if (index?.type === 'index' && isBehind(index)) break;
    low = high + 1;
    high = low + step - 1;
  }
  return [from, await firstOf(low, Math.min(high, count), isBehind, looks)];
}

/** The first place from `low` on for which a condition holds, if it holds from there on; `high` if there is none. */
async function firstOf(
  low: number,
  high: number,
  isTrue: (index: IndexUnit) => boolean,
  looks: IndexLooks,
): Promise<number> {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    const found = await indexFrom(middle, to, looks);
    if (found === undefined || isTrue(found.index)) to = middle;
    else from = found.at + 1;
  }
  return from;
}

/** The next available index: torn and empty segments have none. */
async function indexFrom(
  from: number,
  to: number,
  looks: IndexLooks,
): Promise<{ readonly at: number; readonly index: IndexUnit } | undefined> {
  for (let at = from; at < to; at++) {
    const index = await looks.at(at);
    if (index?.type === 'index') return { at, index };
  }
  return undefined;
}
