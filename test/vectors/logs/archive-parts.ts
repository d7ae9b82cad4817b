import type { Coding } from '../../../src/logs/units/coding.js';
import { encodeIndexUnit, encodeLines } from '../../../src/logs/units/unit.js';
import type { ForgedSegment, ForgedUnit, SegmentRecipe } from '../../logs/support/forged-archive.js';
import { archiveId, forgeArchive, forgeSegment, torn } from '../../logs/support/forged-archive.js';
import { flipped } from '../frame-forge.js';
import { str } from '../packing.js';
import { recoded } from './bodies.js';

/** What a reader of a whole archive comes to. */
export interface ArchiveCase {
  readonly name: string;
  readonly comment: string;
  readonly files: readonly Pick<ForgedSegment, 'name' | 'stream'>[];
  /** `archive`, or a class of FORMAT 7. */
  readonly expect: 'success' | 'archive' | 'format' | 'unsupported' | 'truncated' | 'trailing data';
  /** Those that it gives before. */
  readonly lines: readonly string[];
  readonly tail?: {
    readonly segment: number;
    readonly offset: number;
    readonly unread: number;
    readonly damaged: boolean;
  };
  /** The compression that it must know. */
  readonly needs?: Coding;
  /** From `since` on and before `until`: the lines of the units that overlap. */
  readonly range?: { readonly since: number; readonly until: number; readonly lines: readonly string[] };
  readonly checkpoint?: {
    readonly index: number;
    readonly offset: number;
    readonly digest: string;
    readonly records: number;
    readonly closed: boolean;
  };
}

export const HOUR = 3_600_000;
export const hour = (n: number, ...lines: string[]): ForgedUnit => ({
  lines,
  first: n * HOUR,
  last: n * HOUR + 999,
});
export const RECIPES: readonly Omit<SegmentRecipe, 'index'>[] = [
  { units: [hour(1, 'a', 'b'), hour(1, 'c')] },
  { units: [hour(2, 'd'), hour(2, 'e')] },
  { units: [hour(3, 'f')] },
];
export const INDEX = encodeIndexUnit({
  records: 1,
  entries: [{ frame: 0, offset: 0, records: 0, first: HOUR, last: HOUR + 999 }],
});
export const LINES = ['a', 'b', 'c', 'd', 'e', 'f'];

export const whole = forgeArchive(RECIPES);
export const [first, second, third] = whole as [ForgedSegment, ForgedSegment, ForgedSegment];
export const closing = forgeSegment({ index: 3, previous: third.digest, closed: true });
export const end = ({ index, offsets, digest }: ForgedSegment, records: number, closed = false) => ({
  index,
  offset: offsets.at(-1)!,
  digest,
  records,
  closed,
});
export const after = (before: ForgedSegment, more: Partial<SegmentRecipe> = {}) =>
  forgeSegment({ index: before.index + 1, previous: before.digest, units: [hour(9, 'z')], ...more });
export const named = ({ stream }: ForgedSegment, { name }: ForgedSegment) => ({ name, stream });
export const one = (units: readonly ForgedUnit[], more: Partial<SegmentRecipe> = {}) =>
  forgeSegment({ index: 0, units, label: 'logs/one', ...more });
export const cutAt = (segment: ForgedSegment, frame: number, more: number) =>
  torn(segment, (stream) => stream.subarray(0, segment.preambleSize + segment.offsets[frame]! + more));
export const zeroed = (segment: ForgedSegment, frame: number) =>
  torn(segment, (stream) => Buffer.from(stream).fill(0, segment.preambleSize + segment.offsets[frame]!));
export const tailOf = (segment: ForgedSegment, frame: number, damaged: boolean) => ({
  segment: segment.index,
  offset: segment.offsets[frame]!,
  unread: segment.stream.length - segment.preambleSize - segment.offsets[frame]!,
  damaged,
});
export const raw = (lines: string[], coding: 'gzip' | 'zstd'): ForgedUnit => ({
  raw: recoded(
    encodeLines({ text: Buffer.from(`${lines.join('\n')}\n`), lines: lines.length, first: 5, last: 9 }),
    coding,
  ),
});
export const announced = (coding: string) => ({
  content: [
    ['type', str('application/vnd.sealpipe.log; version=1')],
    ['encoding', str(coding)],
  ] as const,
  indexed: false,
});
export const pieces: ForgedUnit[] = [
  { raw: encodeLines({ text: Buffer.from('a\nlo'), lines: 1, first: 5, last: 5, continues: true }) },
  { control: { kind: 'heartbeat', records: 1 }, time: 6 },
  {
    raw: encodeLines({
      text: Buffer.from('n'),
      lines: 0,
      first: 7,
      last: 7,
      continues: true,
      continued: true,
    }),
  },
  { raw: encodeLines({ text: Buffer.from('g\nb\n'), lines: 2, first: 8, last: 8, continued: true }) },
];

export const cutSecond = cutAt(second, 1, 9);
export const zeroSecond = zeroed(second, 1);
export const openThird = cutAt(third, 1, 0);
export const shortThird = cutAt(third, 0, 11);
export const zeroThird = zeroed(third, 1);
export const flippedThird = torn(third, (stream) => flipped(stream, third.preambleSize + 8));
export const fork = after(first, { units: [hour(2, 'x')], label: 'logs/fork' });
export const foreign = forgeSegment({
  index: 1,
  archive: 'another',
  previous: first.digest,
  units: [hour(2, 'x')],
});
export const shifted = forgeSegment({
  index: 2,
  previous: first.digest,
  label: 'logs/shifted',
  units: [hour(2, 'x')],
});
export const again = forgeSegment({ index: 4, previous: closing.digest, closed: true });

/** The id of the archives of these cases, in hex. */
export const ARCHIVE = archiveId().toString('hex');

/** Gathers cases. */
export class CaseList {
  readonly cases: ArchiveCase[] = [];

  add(
    name: string,
    comment: string,
    files: ArchiveCase['files'],
    expect: ArchiveCase['expect'],
    lines: readonly string[],
    more: Partial<ArchiveCase> = {},
  ): void {
    this.cases.push({ name: `archive/${name}`, comment, files, expect, lines, ...more });
  }
}
