import { describe, expect, it } from 'vitest';
import type { ArchiveStore } from '../../../../src/logs/archive/archive-store.js';
import { segmentDigits } from '../../../../src/logs/archive/segment-name.js';
import { ArchiveReading } from '../../../../src/logs/reader/archive-reading.js';
import type { ArchiveReport } from '../../../../src/logs/reader/reading-tally.js';
import type { TimeRange } from '../../../../src/logs/reader/selection/time-range.js';
import { decryptSettings } from '../../../../src/session/decrypt-options.js';
import { openSource } from '../../../../src/sources/open-source.js';
import type { ForgedSegment, SegmentRecipe } from '../../support/forged-archive.js';
import { archiveId, forgeSegment, torn } from '../../support/forged-archive.js';
import { keys } from '../../support/reading.js';

const ARCHIVE = archiveId().toString('hex');
const HOUR = 3_600_000;

/** What a segment is to be: its recipe, or undefined for a line an hour. */
type Recipe = (index: number) => Omit<SegmentRecipe, 'index' | 'previous'> | undefined;

/** Of a segment with a line an hour. */
const hourly = (index: number) => ({
  units: [{ lines: [`line of ${index}`], first: index * HOUR, last: (index + 1) * HOUR - 1 }],
});

interface Names {
  readonly count: number;
  /** The first index. */
  readonly first?: number;
  /** From here on eight segments are chained; the others name no digest, since making a year of them takes long. */
  readonly chained?: number;
  readonly recipe?: Recipe;
  /** Cut short, so that they have no last frame. */
  readonly torn?: ReadonlySet<number>;
}

/** A store in which names say nothing of times. Only the segments that somebody opens are made. */
function bucketOf({ count, first = 0, chained = 0, recipe, torn: cut }: Names) {
  const made = new Map<number, ForgedSegment>();
  const forge = (index: number, previous?: string): ForgedSegment => {
    const segment = forgeSegment({
      ...(recipe?.(index) ?? hourly(index)),
      index,
      ...(previous !== undefined && { previous }),
    });
    return cut?.has(index) ? torn(segment, (stream) => stream.subarray(0, -10)) : segment;
  };
  let previous: string | undefined;
  for (let index = chained; index < Math.min(chained + 8, first + count); index++) {
    const segment = forge(index, previous);
    made.set(index, segment);
    previous = segment.digest;
  }
  const names = Array.from({ length: count }, (_, i) => segmentDigits(first + i));
  const opened: number[] = [];
  const store: ArchiveStore = {
    archives: async () => [ARCHIVE],
    list: async () => names,
    sizes: async () => new Map(),
    storedElsewhere: async () => undefined,
    segmentOf: (name) => ({ name, index: Number(name), open: false, range: undefined }),
    open: async (_, name) => {
      const index = Number(name);
      opened.push(index);
      return openSource((made.get(index) ?? forge(index)).stream);
    },
    isGone: () => false,
    remove: () => Promise.reject(new Error('Nothing is removed')),
    watch: { grows: false, pause: 1, list: 0, listAtOnce: 0, archives: 1, outage: 1 },
    close: () => undefined,
  };
  return { store, opened };
}

/** What a range holds, and how it was found. */
async function found(
  store: ArchiveStore,
  since: number,
  until: number,
  strict = false,
): Promise<{ lines: string[]; report: ArchiveReport }> {
  const range: TimeRange = { since, until };
  const terms = {
    store,
    settings: decryptSettings({ keys }),
    range,
    strict,
    follow: false,
    checkpoint: undefined,
  };
  const reading = new ArchiveReading(terms, ARCHIVE);
  const lines: string[] = [];
  for await (const batch of reading.batches()) lines.push(...batch.lines.map(String));
  await reading.close();
  return { lines, report: reading.tally.report };
}

const linesOf = (...indexes: number[]): string[] => indexes.map((index) => `line of ${index}`);

describe('a range among names that say no times', () => {
  it.each([0, 3, 7_000, 14_592])(
    'is found among 14,600 in some twenty looks, at segment %i',
    async (from) => {
      const { store, opened } = bucketOf({ count: 14_600, chained: from });
      const since = (from + 3) * HOUR + 60_000;
      const { lines, report } = await found(store, since, since + HOUR);
      expect(lines).toEqual(linesOf(from + 3, from + 4));
      expect(report).toMatchObject({ way: 'bisection', widened: 0, read: 2 });
      expect(report.opened).toBeLessThanOrEqual(22);
      expect(new Set(opened).size).toBe(report.opened);
      // None of them is opened, with a call of a key, more often than twice.
      expect(opened.length).toBeLessThanOrEqual(report.opened + 2);
    },
  );

  it('may lie before or behind everything, or between two segments', async () => {
    const recipe = (index: number) => ({
      units: [{ lines: [`line of ${index}`], first: index * HOUR + 1_000, last: index * HOUR + 2_000 }],
    });
    const { store } = bucketOf({ count: 1_000, recipe });
    const at = async (since: number, until: number) => (await found(store, since, until)).lines;
    expect(await at(0, 500)).toEqual([]);
    expect(await at(2_000 * HOUR, 3_000 * HOUR)).toEqual([]);
    expect(await at(3 * HOUR + 3_000, 3 * HOUR + 4_000)).toEqual([]);
    expect(await at(3 * HOUR + 1_500, 3 * HOUR + 1_600)).toEqual(linesOf(3));
    expect(await at(Number.NEGATIVE_INFINITY, 2 * HOUR)).toEqual(linesOf(0, 1));
    expect(await at(3 * HOUR, 6 * HOUR)).toEqual(linesOf(3, 4, 5));
  });

  it('without an end goes on to the last segment', async () => {
    const { store } = bucketOf({ count: 1_000, chained: 992 });
    const { lines, report } = await found(store, 997 * HOUR, Number.POSITIVE_INFINITY);
    expect(lines).toEqual(linesOf(997, 998, 999));
    expect(report.opened).toBeLessThanOrEqual(14);
  });

  it('takes torn and empty segments in and at its ends for such that may hold lines', async () => {
    const cut = new Set([3, 5]);
    const recipe = (index: number) => (index === 6 ? { units: [] } : undefined);
    const { store } = bucketOf({ count: 100, chained: 1, recipe, torn: cut });
    const { lines, report } = await found(store, 4 * HOUR, 5 * HOUR);
    expect(lines).toEqual(linesOf(4));
    // Segments 2 and 7 say that the range ends before them.
    expect(report).toMatchObject({ way: 'bisection', read: 4 });
    const all = await found(store, 2 * HOUR, 8 * HOUR);
    expect(all.lines).toEqual(linesOf(2, 3, 4, 5, 7));
  });

  it('finds its way where every segment but the last ones is torn', async () => {
    const cut = new Set(Array.from({ length: 60 }, (_, i) => i));
    const { store } = bucketOf({ count: 64, chained: 56, torn: cut });
    const { lines } = await found(store, 62 * HOUR, 63 * HOUR);
    expect(lines).toEqual(linesOf(62));
  });

  it('is widened where a clock jumped back a little', async () => {
    // Segments 4 and 5 have the times of 2 and 3 once more.
    const recipe = (index: number) => ({
      units: [
        {
          lines: [`line of ${index}`],
          first: (index < 4 ? index : index - 2) * HOUR,
          last: (index < 4 ? index : index - 2) * HOUR + HOUR - 1,
        },
      ],
    });
    const { store } = bucketOf({ count: 100, recipe });
    expect((await found(store, 2 * HOUR, 4 * HOUR)).lines).toEqual(linesOf(2, 3, 4, 5));
  });

  it('has every index opened if what was looked at does not rise', async () => {
    // The clock of the second half is a year behind.
    const recipe = (index: number) => {
      const time = (index < 16 ? 10_000 + index : index) * HOUR;
      return { units: [{ lines: [`line of ${index}`], first: time, last: time + HOUR - 1 }] };
    };
    const { store } = bucketOf({ count: 32, chained: 14, recipe });
    const { lines, report } = await found(store, 5 * HOUR, 20 * HOUR);
    expect(lines).toEqual(linesOf(16, 17, 18, 19));
    expect(report).toMatchObject({ way: 'indexes', opened: 32 });
  });

  it('is found by every index of few segments, whatever their order', async () => {
    const times = [5, 1, 2, 3];
    const recipe = (index: number) => ({
      units: [{ lines: [`line of ${index}`], first: times[index]! * HOUR, last: times[index]! * HOUR }],
    });
    const { store } = bucketOf({ count: 4, recipe });
    const { lines, report } = await found(store, Number.NEGATIVE_INFINITY, 2 * HOUR);
    expect(lines).toEqual(linesOf(1));
    expect(report.way).toBe('indexes');
  });

  it('is found by every index if that is asked for', async () => {
    const { store } = bucketOf({ count: 40, chained: 20 });
    const { lines, report } = await found(store, 22 * HOUR, 23 * HOUR, true);
    expect(lines).toEqual(linesOf(22));
    expect(report).toMatchObject({ way: 'indexes', opened: 40 });
  });

  it('of an archive whose front was pruned needs no checkpoint, unless it begins there', async () => {
    const { store } = bucketOf({ count: 100, first: 50, chained: 60 });
    expect((await found(store, 63 * HOUR, 64 * HOUR)).lines).toEqual(linesOf(63));
    const begun = bucketOf({ count: 100, first: 50, chained: 50 });
    await expect(found(begun.store, 0, 51 * HOUR)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_ARCHIVE' });
  });
});
