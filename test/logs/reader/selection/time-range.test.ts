import { describe, expect, it } from 'vitest';
import { hasZstd } from '../../../../src/logs/units/coding.js';
import { tempFolder } from '../../../support/temp-folder.js';
import type { ForgedSegment, SegmentRecipe } from '../../support/forged-archive.js';
import { forgeArchive, forgeSegment, placeArchive, torn } from '../../support/forged-archive.js';
import { readLog } from '../../support/reading.js';

const HOUR = 3_600_000;
const compression = hasZstd ? ({ coding: 'zstd', level: 1 } as const) : undefined;

/** A segment of one hour with a line for every quarter of it. */
function hour(n: number, more: Partial<SegmentRecipe> = {}): Omit<SegmentRecipe, 'index'> {
  const units = [0, 1, 2, 3].map((quarter) => {
    const first = n * HOUR + quarter * 900_000;
    return { lines: [`${n}.${quarter}`], first, last: first + 899_999 };
  });
  return { units, compression, ...more };
}

const day = (): ForgedSegment[] => forgeArchive(Array.from({ length: 12 }, (_, i) => hour(i + 1)));
const linesOf = (...hours: number[]): string[] =>
  hours.flatMap((n) => [0, 1, 2, 3].map((quarter) => `${n}.${quarter}`));
const renamed = (segment: ForgedSegment, n: number): ForgedSegment => {
  const index = String(segment.index).padStart(12, '0');
  return { ...segment, name: `${index}-${n * HOUR}-${n * HOUR + HOUR - 1}.sealed` };
};

async function between(segments: readonly ForgedSegment[], from: number, to: number, strict = false) {
  const directory = await tempFolder();
  await placeArchive(directory, segments);
  const { report, ...read } = await readLog(directory, {
    since: from * HOUR,
    until: new Date(to * HOUR),
    strict,
  });
  return { ...read, report: report.archives[0]! };
}

describe('a range of time', () => {
  it('opens the segments concerned and their neighbours, and no other', async () => {
    const { lines, report } = await between(day(), 5, 6);
    expect(lines).toEqual(linesOf(5));
    expect(report).toMatchObject({ way: 'names', opened: 3, read: 1, widened: 0 });
  });

  it('gives the units that overlap it, and reads no others of a segment with an index', async () => {
    const { lines, report } = await between(day(), 5.5, 6.25);
    expect(lines).toEqual(['5.2', '5.3', '6.0']);
    expect(report).toMatchObject({ opened: 4, read: 2, lines: 3 });
  });

  it.each([
    [1, 2, [1], 2],
    [12, 13, [12], 2],
    [0, 1, [], 1],
    [20, 21, [], 1],
    [0, 99, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 12],
  ])('from hour %i to %i', async (from, to, hours, opened) => {
    const { lines, report } = await between(day(), from, to);
    expect([lines, report.opened]).toEqual([linesOf(...hours), opened]);
  });

  it.each([
    [6, 99],
    [6, 0],
    [5, 99],
    [7, 1],
  ])('finds hour 6 although segment %i was renamed to hour %i', async (n, to) => {
    const segments = day();
    segments[n - 1] = renamed(segments[n - 1]!, to);
    const { lines, report } = await between(segments, 6, 7);
    expect(lines).toEqual(linesOf(6));
    expect(report.widened).toBe(n === 6 ? 1 : 0);
  });

  it.each([99, 0])('finds a run of segments that were all renamed to hour %i', async (to) => {
    const segments = day().map((segment, i) => (i >= 3 && i <= 6 ? renamed(segment, to) : segment));
    const { lines, report } = await between(segments, 4, 8);
    expect(lines).toEqual(linesOf(4, 5, 6, 7));
    expect(report.widened).toBe(4);
  });

  it('passes over the segment that another hour was written on', async () => {
    const segments = day();
    segments[1] = renamed(segments[1]!, 6);
    expect((await between(segments, 6, 7)).lines).toEqual(linesOf(6));
  });

  it('is found although its segment was renamed away, and another one to its hour', async () => {
    for (const [away, decoys] of [
      [99, [1]],
      [99, [11]],
      [0, [8, 11]],
      [0, [0, 10]],
    ] as const) {
      const segments = day();
      segments[5] = renamed(segments[5]!, away);
      for (const decoy of decoys) segments[decoy] = renamed(segments[decoy]!, 6);
      expect((await between(segments, 6, 7)).lines).toEqual(linesOf(6));
    }
  });

  it('is found although no name is after it, or none is before it', async () => {
    for (const to of [0, 99]) {
      const segments = day().map((segment, i) => (i % 2 === 1 ? renamed(segment, to) : segment));
      expect((await between(segments, 6, 7)).lines).toEqual(linesOf(6));
      const all = day().map((segment) => renamed(segment, to));
      expect((await between(all, 6, 7)).lines).toEqual(linesOf(6));
    }
  });

  it('reads torn segments wherever they lie, and those without an index', async () => {
    const cut = (segment: ForgedSegment) => torn(segment, (stream) => stream.subarray(0, -30));
    const [first] = forgeArchive([hour(6)]) as [ForgedSegment];
    const broken = cut(first);
    const again: ForgedSegment[] = [broken];
    for (const [i, recipe] of [hour(2), hour(3, { indexed: false }), hour(4)].entries()) {
      again.push(forgeSegment({ ...recipe, index: i + 1, previous: again.at(-1)!.digest }));
    }
    expect((await between(again, 6, 7)).lines).toEqual(linesOf(6));
    const { lines, report } = await between(again, 4, 5);
    expect(lines).toEqual(linesOf(4));
    expect(report).toMatchObject({ opened: 4, read: 3 });
  });

  it('is found where the clock jumped back and forth', async () => {
    const segments = forgeArchive([5, 9, 6, 2, 6, 10].map((n, i) => hour(n, { label: `jump ${i}` })));
    expect((await between(segments, 6, 7)).lines).toEqual(linesOf(6, 6));
    expect((await between(segments, 2, 3)).lines).toEqual(linesOf(2));
    expect((await between(segments, 9, 11)).lines).toEqual(linesOf(9, 10));
  });

  it('is found where the clock jumped, in an archive without its first segments', async () => {
    const segments = forgeArchive([1, 2, 9, 3, 4, 5].map((n, i) => hour(n, { label: `jump ${i}` })));
    const { lines, report } = await between(segments.slice(1), 4, 5);
    expect(lines).toEqual(linesOf(4));
    expect(report).toMatchObject({ way: 'names', opened: 3 });
    const after = await between(segments.slice(1), 9, 10);
    expect(after).toMatchObject({ lines: linesOf(9), code: undefined, report: { way: 'indexes' } });
  });

  it('opens the index of every segment if it is strict', async () => {
    const segments = day().map((segment, i) => (i % 2 === 0 ? renamed(segment, 30 + i) : segment));
    const { lines, report } = await between(segments, 5, 6, true);
    expect(lines).toEqual(linesOf(5));
    expect(report).toMatchObject({ way: 'indexes', opened: 12, read: 1 });
  });

  it('is refused where a segment next to it is missing', async () => {
    const segments = day();
    const without = (...indexes: number[]) => segments.filter(({ index }) => !indexes.includes(index));
    expect(await between(without(3), 5, 6)).toMatchObject({ lines: [], code: 'ERR_SEALPIPE_ARCHIVE' });
    expect(await between(without(5), 5, 6)).toMatchObject({ lines: [], code: 'ERR_SEALPIPE_ARCHIVE' });
    expect(await between(without(4), 5, 6)).toMatchObject({ lines: [], code: 'ERR_SEALPIPE_ARCHIVE' });
    expect(await between(without(0), 1, 3)).toMatchObject({ lines: [], code: 'ERR_SEALPIPE_ARCHIVE' });
    expect(await between(segments.slice(4), 1, 3)).toMatchObject({ lines: [], code: 'ERR_SEALPIPE_ARCHIVE' });
    expect(await between(segments.slice(4), 6, 7)).toMatchObject({ lines: linesOf(6), code: undefined });
  });
});
