import { forgeArchive } from '../../logs/support/forged-archive.js';
import type { ArchiveCase } from './archive-parts.js';
import {
  after,
  announced,
  CaseList,
  closing,
  cutSecond,
  end,
  first,
  flippedThird,
  HOUR,
  hour,
  LINES,
  one,
  openThird,
  pieces,
  raw,
  second,
  shortThird,
  tailOf,
  third,
  whole,
  zeroSecond,
  zeroThird,
} from './archive-parts.js';

/** Archives that are read to their end, torn and open ones among them. */
export function legalArchives(): ArchiveCase[] {
  const list = new CaseList();
  list.add('whole', 'Three segments', whole, 'success', LINES, {
    range: { since: 2 * HOUR, until: 3 * HOUR, lines: ['d', 'e'] },
  });
  list.add('closed', 'The same, closed', [...whole, closing], 'success', LINES, {
    checkpoint: end(closing, 0, true),
  });
  list.add('gzip', 'Units under gzip', [one([raw(['a', 'b'], 'gzip')], announced('gzip'))], 'success', [
    'a',
    'b',
  ]);
  list.add(
    'zstd',
    'Units under zstd',
    [one([hour(1, 'stored'), raw(['a', 'b'], 'zstd')], announced('zstd'))],
    'success',
    ['stored', 'a', 'b'],
    { needs: 'zstd' },
  );
  list.add(
    'any-bytes',
    'Lines of any bytes',
    [one([hour(1, '', '\n', 'a\nb', '\0', '\r'), hour(1, '\u00e4')])],
    'success',
    ['', '\n', 'a\nb', '\0', '\r', '\u00e4'],
  );
  list.add(
    'long-line',
    'A line over three units, with a control record between',
    [one(pieces, { indexed: false })],
    'success',
    ['a', 'long', 'b'],
  );
  list.add('open', 'The last segment has no last frame', [first, second, openThird], 'success', LINES, {
    tail: tailOf(openThird, 1, false),
  });
  list.add(
    'open-in-frame',
    'The last segment ends within a frame',
    [first, second, shortThird],
    'success',
    LINES.slice(0, 5),
    { tail: tailOf(shortThird, 0, false) },
  );
  list.add(
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
  list.add('zero-tail', 'The last segment ends with zeros', [first, second, zeroThird], 'success', LINES, {
    tail: tailOf(zeroThird, 1, true),
  });
  list.add(
    'altered-tail',
    'A bit of the last segment is another',
    [first, second, flippedThird],
    'success',
    LINES.slice(0, 5),
    { tail: tailOf(flippedThird, 0, true) },
  );
  list.add(
    'torn',
    'A crash cut a segment within a frame; its successor vouches for it',
    [first, cutSecond, after(cutSecond)],
    'success',
    ['a', 'b', 'c', 'd', 'z'],
  );
  list.add(
    'torn-zeros',
    'A power cut left zeros in a segment; its successor vouches for it',
    [first, zeroSecond, after(zeroSecond)],
    'success',
    ['a', 'b', 'c', 'd', 'z'],
  );
  list.add(
    'jump',
    'The clock jumped back',
    forgeArchive([{ units: [hour(5, 'a')] }, { units: [hour(2, 'b')] }, { units: [hour(5, 'c')] }]),
    'success',
    ['a', 'b', 'c'],
    { range: { since: 5 * HOUR, until: 6 * HOUR, lines: ['a', 'c'] } },
  );
  list.add(
    'renamed',
    'A segment was renamed to another hour: names are hints',
    [first, { ...second, name: second.name.replace(/-.*\./, `-${HOUR * 7}-${HOUR * 8}.`) }, third],
    'success',
    LINES,
    { range: { since: 2 * HOUR, until: 3 * HOUR, lines: ['d', 'e'] } },
  );
  list.add(
    'front-removed',
    'The first segment was removed, with its checkpoint kept',
    [second, third],
    'success',
    ['d', 'e', 'f'],
    { checkpoint: end(first, 3) },
  );

  return list.cases;
}
