import type { ListedArchive, ListedSegment } from '../../../../logs/upkeep/index.js';
import { printText } from '../../../io/output/print-text.js';
import { printable, printableJson } from '../../../terminal/printable.js';
import { formatSize } from '../../../terminal/units.js';
import type { Command } from '../../command.js';
import { isoDate } from '../../sealed/inspection.js';
import { table } from '../../table.js';
import { archivesAt } from '../archive-reading.js';
import { withArchives } from '../with-archives.js';

const CLAIMS = 'Nothing here is authentic: it is what the names of the files say.';

/** `sealpipe logs list`: a row for each archive. */
export const logsListCommand: Command = async (line, invocation) => {
  const { options } = line;
  const archives = await withArchives(line, invocation, (place) => archivesAt(place, invocation.signal));
  if (options.has('json'))
    return printText(`${printableJson({ authentic: false, archives: archives.map(summary) })}\n`);
  const rows = archives
    .map(summary)
    .map(({ archive, segments, bytes, first, last, gaps, inStore }) => [
      archive,
      String(segments),
      formatSize(bytes),
      timeText(first),
      timeText(last),
      [inStore === 0 ? [] : [`${inStore} in S3`], gaps === 0 ? [] : [`${gaps} missing`]].flat().join(', '),
    ]);
  await printText(`${CLAIMS}\n\n${table(['ARCHIVE', 'SEGMENTS', 'SIZE', 'FIRST', 'LAST', ''], rows)}`);
};

/** `sealpipe logs stat`: a row for each segment and each gap. */
export const logsStatCommand: Command = async (line, invocation) => {
  const { options } = line;
  const archives = await withArchives(line, invocation, (place) => archivesAt(place, invocation.signal));
  if (options.has('json')) return printText(`${printableJson({ authentic: false, archives })}\n`);
  const texts = archives.map((one) => `archive ${one.archive}\n\n${segmentTable(one)}`);
  await printText(`${[CLAIMS, ...texts].join('\n\n')}`);
};

function segmentTable({ segments, gaps, inStore }: ListedArchive): string {
  const newest = segments.at(-1)?.segment;
  const rows = [
    ...segments.map((one) => ({ from: one.segment, row: rowOf(one, newest) })),
    ...gaps.map((run) => ({ from: run.from, row: [runText(run), 'MISSING'] })),
    ...inStore.map((run) => ({ from: run.from, row: [runText(run), 'in S3'] })),
  ];
  const ordered = rows.sort((a, b) => a.from - b.from).map(({ row }) => row);
  return table(['SEGMENT', 'STATE', 'SIZE', 'FIRST', 'LAST', 'NAME'], ordered);
}

function runText({ from, to }: ListedArchive['gaps'][number]): string {
  return from === to ? `${from}` : `${from}-${to}`;
}

function rowOf(
  { segment, name, size, open, isFork, first, last }: ListedSegment,
  newest: number | undefined,
): string[] {
  const state = isFork ? 'FORK' : !open ? 'sealed' : segment === newest ? 'open' : 'torn';
  return [String(segment), state, formatSize(size), timeText(first), timeText(last), printable(name)];
}

function timeText(time: number | null): string {
  return time === null ? '-' : (isoDate(time) ?? String(time));
}

interface Summary {
  readonly archive: string;
  readonly segments: number;
  readonly bytes: number;
  readonly first: number | null;
  readonly last: number | null;
  /** Segments that are missing. */
  readonly gaps: number;
  /** Segments that are not in this folder, but in S3, by its file `stored`. */
  readonly inStore: number;
}

function summary({ archive, segments, gaps, inStore }: ListedArchive): Summary {
  const firsts = segments.flatMap(({ first }) => first ?? []);
  const lasts = segments.flatMap(({ last }) => last ?? []);
  return {
    archive,
    segments: segments.length,
    bytes: segments.reduce((sum, { size }) => sum + size, 0),
    first: firsts.length === 0 ? null : firsts.reduce((a, b) => Math.min(a, b)),
    last: lasts.length === 0 ? null : lasts.reduce((a, b) => Math.max(a, b)),
    gaps: countOf(gaps),
    inStore: countOf(inStore),
  };
}

function countOf(runs: ListedArchive['gaps']): number {
  return runs.reduce((sum, { from, to }) => sum + to - from + 1, 0);
}
