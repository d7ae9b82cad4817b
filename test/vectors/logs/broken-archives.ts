import { flipped } from '../frame-forge.js';
import type { ArchiveCase } from './archive-parts.js';
import {
  after,
  again,
  CaseList,
  closing,
  end,
  first,
  foreign,
  fork,
  LINES,
  named,
  second,
  shifted,
  third,
  whole,
  zeroSecond,
} from './archive-parts.js';

/** Segments that do not make up one archive: each fault alone. */
export function brokenArchives(): ArchiveCase[] {
  const list = new CaseList();
  list.add('removed', 'A segment is missing', [first, third], 'archive', []);
  list.add('removed-first', 'The first segment is missing', [second, third], 'archive', []);
  list.add(
    'removed-last',
    'The last segment is missing, which only a checkpoint shows',
    [first, second],
    'archive',
    [],
    { checkpoint: end(third, 1) },
  );
  list.add(
    'doubled',
    'A segment is there twice, the second time as the next one',
    [first, second, named(second, third)],
    'archive',
    ['a', 'b', 'c'],
  );
  list.add(
    'two-of-one-index',
    'Two files of one index',
    [first, second, { ...second, name: '000000000001.open' }],
    'archive',
    [],
  );
  list.add(
    'swapped',
    'Two segments are exchanged',
    [first, named(third, second), named(second, third)],
    'archive',
    [],
  );
  list.add(
    'truncated',
    'A segment was cut after it had been sealed',
    [first, { ...second, stream: second.stream.subarray(0, -1) }, third],
    'archive',
    LINES.slice(0, 3),
  );
  list.add(
    'zeroed',
    'The end of a segment was overwritten after it had been sealed',
    [first, { ...zeroSecond, name: second.name }, third],
    'archive',
    LINES.slice(0, 3),
  );
  list.add(
    'altered',
    'A bit of a segment was changed',
    [first, { ...second, stream: flipped(second.stream, -30) }, third],
    'archive',
    LINES.slice(0, 3),
  );
  list.add('foreign', 'A segment of another archive', [first, foreign], 'archive', []);
  list.add(
    'fork',
    'Another segment that was written after the same one, in the place of the second',
    [first, fork, third],
    'archive',
    LINES.slice(0, 3),
  );
  list.add(
    'fork-beside',
    'The same, beside the second',
    [first, second, { ...fork, name: second.name.replace(/-\d+\./, '-9999999.') }, third],
    'archive',
    [],
  );
  list.add(
    'skipped',
    'A segment names the digest of one that is not the one before',
    [first, second, shifted],
    'archive',
    LINES.slice(0, 3),
  );
  list.add(
    'closed-twice',
    'Two segments that close the archive',
    [...whole, closing, again],
    'archive',
    LINES,
  );
  list.add(
    'reopened',
    'A segment after the one that closes the archive',
    [...whole, closing, after(closing)],
    'archive',
    LINES,
  );
  list.add(
    'rewritten',
    'The last segment was written anew, which only a checkpoint shows',
    [first, second, after(second, { label: 'logs/anew' })],
    'archive',
    LINES.slice(0, 5),
    { checkpoint: end(third, 1) },
  );

  return list.cases;
}
