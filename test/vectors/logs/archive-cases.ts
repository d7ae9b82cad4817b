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

const HOUR = 3_600_000;
const hour = (n: number, ...lines: string[]): ForgedUnit => ({
  lines,
  first: n * HOUR,
  last: n * HOUR + 999,
});
const RECIPES: readonly Omit<SegmentRecipe, 'index'>[] = [
  { units: [hour(1, 'a', 'b'), hour(1, 'c')] },
  { units: [hour(2, 'd'), hour(2, 'e')] },
  { units: [hour(3, 'f')] },
];
const INDEX = encodeIndexUnit({
  records: 1,
  entries: [{ frame: 0, offset: 0, records: 0, first: HOUR, last: HOUR + 999 }],
});
const LINES = ['a', 'b', 'c', 'd', 'e', 'f'];

/** LOGS 7 and FORMAT 8: an archive, and every fault of one, each alone. */
export function archiveCases(): ArchiveCase[] {
  const whole = forgeArchive(RECIPES);
  const [first, second, third] = whole as [ForgedSegment, ForgedSegment, ForgedSegment];
  const closing = forgeSegment({ index: 3, previous: third.digest, closed: true });
  const end = ({ index, offsets, digest }: ForgedSegment, records: number, closed = false) => ({
    index,
    offset: offsets.at(-1)!,
    digest,
    records,
    closed,
  });
  const after = (before: ForgedSegment, more: Partial<SegmentRecipe> = {}) =>
    forgeSegment({ index: before.index + 1, previous: before.digest, units: [hour(9, 'z')], ...more });
  const named = ({ stream }: ForgedSegment, { name }: ForgedSegment) => ({ name, stream });
  const one = (units: readonly ForgedUnit[], more: Partial<SegmentRecipe> = {}) =>
    forgeSegment({ index: 0, units, label: 'logs/one', ...more });
  const cutAt = (segment: ForgedSegment, frame: number, more: number) =>
    torn(segment, (stream) => stream.subarray(0, segment.preambleSize + segment.offsets[frame]! + more));
  const zeroed = (segment: ForgedSegment, frame: number) =>
    torn(segment, (stream) => Buffer.from(stream).fill(0, segment.preambleSize + segment.offsets[frame]!));
  const tailOf = (segment: ForgedSegment, frame: number, damaged: boolean) => ({
    segment: segment.index,
    offset: segment.offsets[frame]!,
    unread: segment.stream.length - segment.preambleSize - segment.offsets[frame]!,
    damaged,
  });
  const raw = (lines: string[], coding: 'gzip' | 'zstd'): ForgedUnit => ({
    raw: recoded(
      encodeLines({ text: Buffer.from(`${lines.join('\n')}\n`), lines: lines.length, first: 5, last: 9 }),
      coding,
    ),
  });
  const announced = (coding: string) => ({
    content: [
      ['type', str('application/vnd.sealpipe.log; version=1')],
      ['encoding', str(coding)],
    ] as const,
    indexed: false,
  });
  const pieces: ForgedUnit[] = [
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

  const cutSecond = cutAt(second, 1, 9);
  const zeroSecond = zeroed(second, 1);
  const openThird = cutAt(third, 1, 0);
  const shortThird = cutAt(third, 0, 11);
  const zeroThird = zeroed(third, 1);
  const flippedThird = torn(third, (stream) => flipped(stream, third.preambleSize + 8));
  const fork = after(first, { units: [hour(2, 'x')], label: 'logs/fork' });
  const foreign = forgeSegment({
    index: 1,
    archive: 'another',
    previous: first.digest,
    units: [hour(2, 'x')],
  });
  const shifted = forgeSegment({
    index: 2,
    previous: first.digest,
    label: 'logs/shifted',
    units: [hour(2, 'x')],
  });
  const again = forgeSegment({ index: 4, previous: closing.digest, closed: true });
  const lines: ArchiveCase[] = [];
  const add = (
    name: string,
    comment: string,
    files: ArchiveCase['files'],
    expect: ArchiveCase['expect'],
    given: readonly string[],
    more: Partial<ArchiveCase> = {},
  ) => lines.push({ name: `archive/${name}`, comment, files, expect, lines: given, ...more });

  add('whole', 'Three segments', whole, 'success', LINES, {
    range: { since: 2 * HOUR, until: 3 * HOUR, lines: ['d', 'e'] },
  });
  add('closed', 'The same, closed', [...whole, closing], 'success', LINES, {
    checkpoint: end(closing, 0, true),
  });
  add('gzip', 'Units under gzip', [one([raw(['a', 'b'], 'gzip')], announced('gzip'))], 'success', ['a', 'b']);
  add(
    'zstd',
    'Units under zstd',
    [one([hour(1, 'stored'), raw(['a', 'b'], 'zstd')], announced('zstd'))],
    'success',
    ['stored', 'a', 'b'],
    { needs: 'zstd' },
  );
  add(
    'any-bytes',
    'Lines of any bytes',
    [one([hour(1, '', '\n', 'a\nb', '\0', '\r'), hour(1, '\u00e4')])],
    'success',
    ['', '\n', 'a\nb', '\0', '\r', '\u00e4'],
  );
  add(
    'long-line',
    'A line over three units, with a control record between',
    [one(pieces, { indexed: false })],
    'success',
    ['a', 'long', 'b'],
  );
  add('open', 'The last segment has no last frame', [first, second, openThird], 'success', LINES, {
    tail: tailOf(openThird, 1, false),
  });
  add(
    'open-in-frame',
    'The last segment ends within a frame',
    [first, second, shortThird],
    'success',
    LINES.slice(0, 5),
    { tail: tailOf(shortThird, 0, false) },
  );
  add(
    'open-long-line',
    'The last segment ends within a line, which is not given',
    [one(pieces.slice(0, 3), { indexed: false, final: false })],
    'success',
    ['a'],
    {
      tail: {
        segment: 0,
        offset: one(pieces.slice(0, 3), { indexed: false, final: false }).offsets[3]!,
        unread: 0,
        damaged: false,
      },
    },
  );
  add('zero-tail', 'The last segment ends with zeros', [first, second, zeroThird], 'success', LINES, {
    tail: tailOf(zeroThird, 1, true),
  });
  add(
    'altered-tail',
    'A bit of the last segment is another',
    [first, second, flippedThird],
    'success',
    LINES.slice(0, 5),
    { tail: tailOf(flippedThird, 0, true) },
  );
  add(
    'torn',
    'A crash cut a segment within a frame; its successor vouches for it',
    [first, cutSecond, after(cutSecond)],
    'success',
    ['a', 'b', 'c', 'd', 'z'],
  );
  add(
    'torn-zeros',
    'A power cut left zeros in a segment; its successor vouches for it',
    [first, zeroSecond, after(zeroSecond)],
    'success',
    ['a', 'b', 'c', 'd', 'z'],
  );
  add(
    'jump',
    'The clock jumped back',
    forgeArchive([{ units: [hour(5, 'a')] }, { units: [hour(2, 'b')] }, { units: [hour(5, 'c')] }]),
    'success',
    ['a', 'b', 'c'],
    { range: { since: 5 * HOUR, until: 6 * HOUR, lines: ['a', 'c'] } },
  );
  add(
    'renamed',
    'A segment was renamed to another hour: names are hints',
    [first, { ...second, name: second.name.replace(/-.*\./, `-${HOUR * 7}-${HOUR * 8}.`) }, third],
    'success',
    LINES,
    { range: { since: 2 * HOUR, until: 3 * HOUR, lines: ['d', 'e'] } },
  );
  add(
    'front-removed',
    'The first segment was removed, with its checkpoint kept',
    [second, third],
    'success',
    ['d', 'e', 'f'],
    { checkpoint: end(first, 3) },
  );

  add('removed', 'A segment is missing', [first, third], 'archive', []);
  add('removed-first', 'The first segment is missing', [second, third], 'archive', []);
  add(
    'removed-last',
    'The last segment is missing, which only a checkpoint shows',
    [first, second],
    'archive',
    [],
    { checkpoint: end(third, 1) },
  );
  add(
    'doubled',
    'A segment is there twice, the second time as the next one',
    [first, second, named(second, third)],
    'archive',
    ['a', 'b', 'c'],
  );
  add(
    'two-of-one-index',
    'Two files of one index',
    [first, second, { ...second, name: '000000000001.open' }],
    'archive',
    [],
  );
  add(
    'swapped',
    'Two segments are exchanged',
    [first, named(third, second), named(second, third)],
    'archive',
    [],
  );
  add(
    'truncated',
    'A segment was cut after it had been sealed',
    [first, { ...second, stream: second.stream.subarray(0, -1) }, third],
    'archive',
    LINES.slice(0, 3),
  );
  add(
    'zeroed',
    'The end of a segment was overwritten after it had been sealed',
    [first, { ...zeroSecond, name: second.name }, third],
    'archive',
    LINES.slice(0, 3),
  );
  add(
    'altered',
    'A bit of a segment was changed',
    [first, { ...second, stream: flipped(second.stream, -30) }, third],
    'archive',
    LINES.slice(0, 3),
  );
  add('foreign', 'A segment of another archive', [first, foreign], 'archive', []);
  add(
    'fork',
    'Another segment that was written after the same one, in the place of the second',
    [first, fork, third],
    'archive',
    LINES.slice(0, 3),
  );
  add(
    'fork-beside',
    'The same, beside the second',
    [first, second, { ...fork, name: second.name.replace(/-\d+\./, '-9999999.') }, third],
    'archive',
    [],
  );
  add(
    'skipped',
    'A segment names the digest of one that is not the one before',
    [first, second, shifted],
    'archive',
    LINES.slice(0, 3),
  );
  add('closed-twice', 'Two segments that close the archive', [...whole, closing, again], 'archive', LINES);
  add(
    'reopened',
    'A segment after the one that closes the archive',
    [...whole, closing, after(closing)],
    'archive',
    LINES,
  );
  add(
    'rewritten',
    'The last segment was written anew, which only a checkpoint shows',
    [first, second, after(second, { label: 'logs/anew' })],
    'archive',
    LINES.slice(0, 5),
    { checkpoint: end(third, 1) },
  );

  add(
    'trailing',
    'A byte behind the last frame',
    [one([hour(1, 'a')])].map((segment) => ({
      ...segment,
      stream: Buffer.concat([segment.stream, Buffer.alloc(1)]),
    })),
    'trailing data',
    ['a'],
  );
  add(
    'preamble-cut',
    'The last segment ends within its preamble',
    [first, { ...second, stream: second.stream.subarray(0, 100) }],
    'truncated',
    [],
  );
  add(
    'final-not-empty',
    'The last frame has plaintext',
    [
      one([hour(1, 'a')], {
        finalText: encodeLines({ text: Buffer.from('b\n'), lines: 1, first: 1, last: 1 }),
      }),
    ],
    'format',
    ['a'],
  );
  add(
    'behind-index',
    'A unit behind the time index',
    [one([hour(1, 'a'), { raw: INDEX }, hour(1, 'b')], { indexed: false })],
    'format',
    ['a'],
  );
  add(
    'closed-with-unit',
    'A closing segment with a unit',
    [one([hour(1, 'a')], { closed: true, indexed: false })],
    'format',
    [],
  );
  add(
    'not-continued',
    'A piece of a line is missing',
    [one([pieces[0]!, pieces[1]!, hour(1, 'b')], { indexed: false })],
    'format',
    ['a'],
  );
  add(
    'no-type',
    'The preamble does not say that it is a segment',
    [one([hour(1, 'a')], { content: [['type', str('text/plain')]] })],
    'format',
    [],
  );
  add(
    'version-2',
    'A version to come',
    [one([hour(1, 'a')], { content: [['type', str('application/vnd.sealpipe.log; version=2')]] })],
    'unsupported',
    [],
  );
  add(
    'encoding-unknown',
    'A compression to come',
    [
      one([hour(1, 'a')], {
        content: [
          ['type', str('application/vnd.sealpipe.log; version=1')],
          ['encoding', str('br')],
        ],
      }),
    ],
    'unsupported',
    [],
  );
  return lines;
}

/** The id of the archives of these cases, in hex. */
export const ARCHIVE = archiveId().toString('hex');
