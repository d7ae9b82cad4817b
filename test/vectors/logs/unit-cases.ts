import type { Coding } from '../../../src/logs/units/coding.js';
import type { GatheredLines } from '../../../src/logs/units/unit.js';
import { encodeControlUnit, encodeIndexUnit, encodeLines } from '../../../src/logs/units/unit.js';
import { patched } from '../frame-forge.js';
import { gzipByHand, recoded, SKIPPABLE, storedBlock, zstdByHand, zstdOfWindow } from './bodies.js';

/** A unit, and what becomes of it. */
export interface UnitCase {
  readonly name: string;
  readonly comment: string;
  /** The `encoding` of its segment. */
  readonly encoding: Coding;
  readonly expect: 'success' | 'format' | 'unsupported';
  readonly unit: Buffer;
}

const TEXT = Buffer.from('one\ntwo\n');
const HEARTBEAT = encodeControlUnit({ kind: 'heartbeat', records: 3 }, 7);
const ENTRIES = [
  { frame: 0, offset: 0, records: 0, first: 10, last: 20 },
  { frame: 3, offset: 300, records: 30, first: 5, last: 15 },
];
const INDEX = encodeIndexUnit({ records: 40, entries: ENTRIES });

function unit(text: string | Uint8Array, lines: number, more: Partial<GatheredLines> = {}): Buffer {
  return encodeLines({ text: Buffer.from(text as string), lines, first: 5, last: 9, ...more });
}

function control(json: string | Uint8Array): Buffer {
  const body = Buffer.from(json as string);
  const whole = Buffer.concat([HEARTBEAT.subarray(0, 26), body]);
  whole.writeUInt32BE(body.length, 22);
  return whole;
}

/** Every case of LOGS 3 to 7 about one unit. */
export function unitCases(): UnitCase[] {
  const cases: UnitCase[] = [];
  const add = (
    expect: UnitCase['expect'],
    name: string,
    comment: string,
    bytes: Buffer,
    encoding: Coding = 'stored',
  ) => cases.push({ name: `unit/${name}`, comment, encoding, expect, unit: bytes });
  const good = (name: string, comment: string, bytes: Buffer, encoding?: Coding) =>
    add('success', name, comment, bytes, encoding);
  const bad = (name: string, comment: string, bytes: Buffer, encoding?: Coding) =>
    add('format', name, comment, bytes, encoding);
  const at = (offset: number, ...bytes: number[]) => patched(unit(TEXT, 2), offset, Buffer.from(bytes));

  good('lines', 'Two lines', unit(TEXT, 2));
  good('empty-lines', 'Three lines without a byte', unit('\n\n\n', 3));
  good(
    'any-bytes',
    'A line of every byte but 0A',
    unit(Buffer.from([...Array(256).keys(), 10].filter((byte, i) => byte !== 10 || i === 256)), 1),
  );
  good(
    'own-newline',
    'A line with a newline of its own, and its length',
    unit('a\nb\nc\n', 2, { lengths: [3, 1] }),
  );
  good('needless-lengths', 'Lengths although no line needs them', unit('a\nb\n', 2, { lengths: [1, 1] }));
  good('beginning', 'A line, and the beginning of another', unit('a\nlong', 1, { continues: true }));
  good('middle', 'The middle of a line', unit('middle', 0, { continues: true, continued: true }));
  good('end', 'The end of a line', unit('end\nb\n', 2, { continued: true }));
  good('newline-piece', 'A piece that is a newline', unit('\n', 0, { continues: true, lengths: [1] }));
  good('last-time', 'The last time there is', at(14, 0, 0x1f, 255, 255, 255, 255, 255, 255));
  bad('short', '25 bytes', unit(TEXT, 2).subarray(0, 25));
  bad('no-body', 'A head without a body', unit(TEXT, 2).subarray(0, 26));
  add('unsupported', 'type-3', 'A type to come', at(0, 3));
  add('unsupported', 'coding-3', 'A coding to come', at(1, 3), 'zstd');
  add('unsupported', 'flag-4', 'A flag to come', at(1, 0x10));
  bad('line-more', 'A line more than there are', at(5, 3));
  bad('line-less', 'A line less than there are', at(5, 1));
  bad('no-line', 'No line', at(5, 0));
  bad('many-lines', '2^32 - 1 lines', at(2, 255, 255, 255, 255));
  bad(
    'continues-after-newline',
    'A line that goes on, of which there is nothing',
    unit('a\n', 1, { continues: true }),
  );
  bad('no-newline', 'The last line does not end', unit('ab', 1));
  bad('times-reversed', 'It ends before it begins', at(21, 4));
  bad('time-too-late', 'A time of 2^53', at(14, 0, 0x20, 0, 0, 0, 0, 0, 0));
  bad('plain-longer', 'A body shorter than its head says', at(25, 9));
  bad('plain-shorter', 'A body longer than its head says', at(25, 7));
  bad('plain-too-long', 'A body of 1 MiB and a byte, says the head', at(22, 0, 16, 0, 1));
  bad('table-ends-early', 'Lengths that end before the text', unit('a\nb\n', 1, { lengths: [1] }));
  bad('table-ends-late', 'Lengths that end behind the text', unit('a\n', 1, { lengths: [2] }));
  bad('table-between', 'A line that is not followed by a newline', unit('ab\n', 2, { lengths: [0, 1] }));
  bad('table-huge', 'A length of 2^32 - 1', unit('a\n', 1, { lengths: [2 ** 32 - 1] }));
  bad('table-empty-piece', 'A piece without a byte', unit('a\n', 1, { continues: true, lengths: [1, 0] }));
  bad('table-cut', 'Fewer lengths than lines', unit('a\nb\n', 2, { lengths: [1] }));

  good('gzip', 'One gzip member', recoded(unit(TEXT, 2), 'gzip'), 'gzip');
  const gzip = gzipByHand(TEXT);
  const empty = gzipByHand(Buffer.alloc(0));
  const gzips: [string, string, Buffer][] = [
    ['two', 'Another member behind it', Buffer.concat([gzip, empty])],
    ['empty-first', 'An empty member before it', Buffer.concat([empty, gzip])],
    ['zero', 'A zero behind it', Buffer.concat([gzip, Buffer.alloc(1)])],
    ['zeros', 'Eight zeros behind it', Buffer.concat([gzip, Buffer.alloc(8)])],
    [
      'gap',
      'A byte between its data and its tail',
      Buffer.concat([gzip.subarray(0, -8), Buffer.alloc(1), gzip.subarray(-8)]),
    ],
    ['cut', 'Without its last byte', gzip.subarray(0, -1)],
    ['named', 'With the name of a file', gzipByHand(TEXT, 8, Buffer.from('x\0'))],
    ['crc', 'Another check sum', patched(gzip, gzip.length - 8, Buffer.from([1]))],
    ['raw', 'Deflate without gzip', storedBlock(TEXT)],
    ['shorter', 'Fewer bytes than the head says', gzipByHand(TEXT.subarray(1))],
    ['longer', 'More bytes than the head says', gzipByHand(Buffer.concat([TEXT, TEXT]))],
  ];
  for (const [name, comment, body] of gzips)
    bad(`gzip-${name}`, comment, recoded(unit(TEXT, 2), 'gzip', body), 'gzip');
  bad('gzip-not-announced', 'A coding that its segment does not name', recoded(unit(TEXT, 2), 'gzip'));
  bad('gzip-in-zstd', 'Another coding than its segment names', recoded(unit(TEXT, 2), 'gzip'), 'zstd');

  good('zstd', 'One zstd frame', recoded(unit(TEXT, 2), 'zstd'), 'zstd');
  good('zstd-window', 'A window of 8 MiB', recoded(unit(TEXT, 2), 'zstd', zstdOfWindow(TEXT, 13)), 'zstd');
  const zstd = zstdByHand(TEXT);
  const zstds: [string, string, Buffer][] = [
    ['two', 'Another frame behind it', Buffer.concat([zstd, zstd])],
    ['empty-first', 'An empty frame before it', Buffer.concat([zstdByHand(Buffer.alloc(0)), zstd])],
    ['empty-last', 'An empty frame behind it', Buffer.concat([zstd, zstdByHand(Buffer.alloc(0))])],
    ['skippable-first', 'A skippable frame before it', Buffer.concat([SKIPPABLE, zstd])],
    ['skippable-last', 'A skippable frame behind it', Buffer.concat([zstd, SKIPPABLE])],
    ['junk', 'A byte behind it', Buffer.concat([zstd, Buffer.alloc(1)])],
    ['cut', 'Without its last byte', zstd.subarray(0, -1)],
    ['wide', 'A window of 16 MiB', zstdOfWindow(TEXT, 14)],
    ['longer', 'More bytes than the head says', zstdByHand(Buffer.concat([TEXT, TEXT]))],
  ];
  for (const [name, comment, body] of zstds)
    bad(`zstd-${name}`, comment, recoded(unit(TEXT, 2), 'zstd', body), 'zstd');

  const drop = { kind: 'drop', lines: 1, bytes: 2, first: 3, last: 4 };
  good('heartbeat', 'A control record', HEARTBEAT);
  good('drop', 'Lines that were dropped', control(JSON.stringify(drop)));
  good('unknown-member', 'A member that is not known', control(JSON.stringify({ ...drop, more: {} })));
  good('unknown-kind', 'A kind that is not known: it is passed over', control('{"kind":"another"}'));
  const controls: [string, string, string][] = [
    ['no-kind', 'No kind', '{}'],
    ['kind-number', 'A kind that is no string', '{"kind":1}'],
    ['member-missing', 'A member that is missing', JSON.stringify({ ...drop, lines: undefined })],
    ['member-fraction', 'A fraction', JSON.stringify({ ...drop, lines: 1.5 })],
    ['member-negative', 'A negative number', JSON.stringify({ ...drop, lines: -1 })],
    ['member-large', '2^53', JSON.stringify({ ...drop, lines: 2 ** 53 })],
    ['member-string', 'A string for a number', JSON.stringify({ ...drop, lines: '1' })],
    ['list', 'A list', '[]'],
    ['cut', 'JSON that is cut', '{"kind":"heartbeat","records":1'],
  ];
  for (const [name, comment, json] of controls) bad(`control-${name}`, comment, control(json));
  bad('control-utf-8', 'A kind that is not UTF-8', control(Buffer.from('7b226b696e64223a22ff227d', 'hex')));
  bad('control-two-times', 'Two times', patched(HEARTBEAT, 21, Buffer.from([8])));
  bad('control-flag', 'A flag', patched(HEARTBEAT, 1, Buffer.from([0x80])));
  bad('control-lines', 'A line', patched(HEARTBEAT, 5, Buffer.from([1])));

  const index = (change: object[], records = 40) =>
    encodeIndexUnit({ records, entries: ENTRIES.map((entry, i) => ({ ...entry, ...change[i] })) });
  good('index', 'A time index', INDEX);
  bad('index-frame', 'It does not begin with frame 0', index([{ frame: 1 }]));
  bad('index-offset', 'It does not begin at offset 0', index([{ offset: 1 }]));
  bad('index-records', 'It does not begin with no line', index([{ records: 1 }]));
  bad('index-frames', 'Frames that do not rise', index([{}, { frame: 0 }]));
  bad('index-offsets', 'Offsets that do not rise', index([{}, { offset: 0 }]));
  bad('index-count', 'Fewer lines than before its last entry', index([], 29));
  bad('index-entry', 'An entry that ends before it begins', index([{ first: 21 }]));
  bad('index-range', 'Another range than that of its entries', patched(INDEX, 13, Buffer.from([4])));
  return cases;
}
