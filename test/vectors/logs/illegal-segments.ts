import { encodeLines } from '../../../src/logs/units/unit.js';
import { str } from '../packing.js';
import type { ArchiveCase } from './archive-parts.js';
import { CaseList, first, hour, INDEX, one, pieces, second } from './archive-parts.js';

/** Archives with a segment that is refused by itself. */
export function illegalSegments(): ArchiveCase[] {
  const list = new CaseList();
  list.add(
    'trailing',
    'A byte behind the last frame',
    [one([hour(1, 'a')])].map((segment) => ({
      ...segment,
      stream: Buffer.concat([segment.stream, Buffer.alloc(1)]),
    })),
    'trailing data',
    ['a'],
  );
  list.add(
    'preamble-cut',
    'The last segment ends within its preamble',
    [first, { ...second, stream: second.stream.subarray(0, 100) }],
    'truncated',
    [],
  );
  list.add(
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
  list.add(
    'behind-index',
    'A unit behind the time index',
    [one([hour(1, 'a'), { raw: INDEX }, hour(1, 'b')], { indexed: false })],
    'format',
    ['a'],
  );
  list.add(
    'closed-with-unit',
    'A closing segment with a unit',
    [one([hour(1, 'a')], { closed: true, indexed: false })],
    'format',
    [],
  );
  list.add(
    'not-continued',
    'A piece of a line is missing',
    [one([pieces[0]!, pieces[1]!, hour(1, 'b')], { indexed: false })],
    'format',
    ['a'],
  );
  list.add(
    'no-type',
    'The preamble does not say that it is a segment',
    [one([hour(1, 'a')], { content: [['type', str('text/plain')]] })],
    'format',
    [],
  );
  list.add(
    'version-2',
    'A version to come',
    [one([hour(1, 'a')], { content: [['type', str('application/vnd.sealpipe.log; version=2')]] })],
    'unsupported',
    [],
  );
  list.add(
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
  return list.cases;
}
