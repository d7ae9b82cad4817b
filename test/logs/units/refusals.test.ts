import { describe, expect, it } from 'vitest';
import { hasZstd } from '../../../src/logs/units/coding.js';
import { LineJoiner } from '../../../src/logs/units/line-joiner.js';
import type { LinesUnit } from '../../../src/logs/units/unit.js';
import { decodeUnit, encodeControlUnit, encodeIndexUnit, encodeLines } from '../../../src/logs/units/unit.js';
import { onlyWhere } from '../../support/prerequisite.js';

const text = Buffer.from('one\ntwo\n');
const good = (): Buffer => encodeLines({ text, lines: 2, first: 5, last: 9 });
const codeOf = (bytes: Uint8Array, announced: 'stored' | 'gzip' | 'zstd' = 'zstd'): unknown => {
  try {
    decodeUnit(bytes, announced);
    return 'read';
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
};
const FORMAT = 'ERR_SEALPIPE_FORMAT';
const UNSUPPORTED = 'ERR_SEALPIPE_UNSUPPORTED';

/** The unit with bytes of its head put in the place of others. */
function altered(unit: Buffer, at: number, ...bytes: number[]): Buffer {
  const copy = Buffer.from(unit);
  copy.set(bytes, at);
  return copy;
}

describe('the head of a unit', () => {
  const LONGEST = [0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
  it.each([
    ['as it was written', good(), 'read'],
    ['of 25 bytes', good().subarray(0, 25), FORMAT],
    ['without a body', good().subarray(0, 26), FORMAT],
    ['of type 3', altered(good(), 0, 3), UNSUPPORTED],
    ['with the coding 3', altered(good(), 1, 3), UNSUPPORTED],
    ['with bit 4', altered(good(), 1, 0x10), UNSUPPORTED],
    ['with a line more', altered(good(), 5, 3), FORMAT],
    ['with a line less', altered(good(), 5, 1), FORMAT],
    ['without a line', altered(good(), 5, 0), FORMAT],
    ['that continues after a newline', altered(good(), 1, 0x80, 0, 0, 0, 2), FORMAT],
    ['with more lines than bytes', altered(good(), 5, 9), FORMAT],
    ['with 2^32 - 1 lines', altered(good(), 2, 255, 255, 255, 255), FORMAT],
    ['that ends before it begins', altered(good(), 21, 4), FORMAT],
    ['at the last time', altered(good(), 14, ...LONGEST), 'read'],
    ['beyond the last time', altered(good(), 14, 0, 0x20, 0, 0, 0, 0, 0, 0), FORMAT],
    ['with a body longer than it is', altered(good(), 25, 9), FORMAT],
    ['with a body shorter than it is', altered(good(), 25, 7), FORMAT],
    ['with a body of 2^20 + 1 bytes', altered(good(), 22, 0, 16, 0, 1), FORMAT],
    ['with a body of 4 GiB', altered(good(), 22, 255, 255, 255, 255), FORMAT],
    [
      'that is a control record of two times',
      altered(encodeControlUnit({ kind: 'heartbeat', records: 1 }, 7), 21, 8),
      FORMAT,
    ],
    [
      'that is a control record with a flag',
      altered(encodeControlUnit({ kind: 'heartbeat', records: 1 }, 7), 1, 0x80),
      FORMAT,
    ],
    [
      'that is a control record with a line',
      altered(encodeControlUnit({ kind: 'heartbeat', records: 1 }, 7), 5, 1),
      FORMAT,
    ],
  ])('%s', (_, unit, outcome) => {
    expect(codeOf(unit)).toBe(outcome);
  });

  it('holds the longest body that is allowed, and no longer one', () => {
    const longest = Buffer.alloc(1_048_576, 'x');
    longest[longest.length - 1] = 10;
    expect(codeOf(encodeLines({ text: longest, lines: 1, first: 0, last: 0 }))).toBe('read');
    const longer = Buffer.concat([Buffer.from('x'), longest]);
    expect(codeOf(encodeLines({ text: longer, lines: 1, first: 0, last: 0 }))).toBe(FORMAT);
  });
});

describe('the text of a unit', () => {
  const unit = (body: string, lines: number, lengths?: number[], continues = false): Buffer =>
    encodeLines({ text: Buffer.from(body), lines, first: 0, last: 0, lengths, continues });
  it.each([
    ['a newline of its own, with a table', unit('a\nb\n', 1, [3]), 'read'],
    ['two lines, with a table', unit('a\nb\n', 2, [1, 1]), 'read'],
    ['a piece that is a newline, with a table', unit('\n', 0, [1], true), 'read'],
    ['a piece that ends with one, without a table', unit('a\n', 0, undefined, true), FORMAT],
    ['no end', unit('ab', 1), FORMAT],
    ['a table that ends before the text', unit('a\nb\n', 1, [1]), FORMAT],
    ['a table that ends behind the text', unit('a\n', 1, [2]), FORMAT],
    ['a table with a line that has no newline after it', unit('ab\n', 2, [0, 1]), FORMAT],
    ['a table with 2^32 - 1 bytes', unit('a\n', 1, [2 ** 32 - 1]), FORMAT],
    ['a table with an empty piece', unit('a\n', 1, [1, 0], true), FORMAT],
    ['fewer lengths than lines', unit('a\nb\n', 2, [1]), FORMAT],
  ])('with %s', (_, bytes, outcome) => {
    expect(codeOf(bytes)).toBe(outcome);
  });
});

describe('a line over several units', () => {
  const piece = (continued: boolean, continues: boolean, length = 3): LinesUnit => {
    const body = Buffer.alloc(length + (continues ? 0 : 1), 'x');
    if (!continues) body[length] = 10;
    const lines = continues ? 0 : 1;
    return decodeUnit(
      encodeLines({ text: body, lines, first: 0, last: 0, continued, continues }),
      'stored',
    ) as LinesUnit;
  };

  it('has all of its pieces', () => {
    const joiner = new LineJoiner();
    expect(joiner.take(piece(false, true))).toEqual([]);
    expect(joiner.take(piece(true, true))).toEqual([]);
    expect(joiner.unfinished).toBe(6);
    expect(joiner.take(piece(true, false)).map(String)).toEqual(['xxxxxxxxx']);
    expect(joiner.unfinished).toBe(0);
  });

  it.each([
    ['lacks its beginning', [piece(true, false)]],
    ['is followed by another line', [piece(false, true), piece(false, false)]],
    ['is followed by the beginning of another', [piece(false, true), piece(false, true)]],
  ])('is refused where it %s', (_, units) => {
    const joiner = new LineJoiner();
    expect(() => units.map((one) => joiner.take(one))).toThrow(expect.objectContaining({ code: FORMAT }));
  });

  it('has at most 16 MiB', () => {
    const joiner = new LineJoiner();
    joiner.take(piece(false, true, 1_048_576));
    for (let i = 1; i < 16; i++) joiner.take(piece(true, true, 1_048_576));
    expect(joiner.unfinished).toBe(16_777_216);
    expect(() => joiner.take(piece(true, false, 1))).toThrow(expect.objectContaining({ code: FORMAT }));
  });
});

const long = Buffer.concat([Buffer.alloc(9_999, 'x'), Buffer.from('\n')]);

/** A unit of one line of 10,000 bytes, newline included, with any body. */
function unitOf(coding: number, body: Uint8Array, plain = long.length): Buffer {
  const head = encodeLines({ text: long, lines: 1, first: 0, last: 0 }).subarray(0, 26);
  const unit = Buffer.concat([head, body]);
  unit[1] = coding;
  unit.writeUInt32BE(plain, 22);
  return unit;
}

describe('a body under gzip', () => {
  const member = gzipSync(long);
  const head = Buffer.from('1f8b0808000000000003', 'hex');
  const named = Buffer.concat([head, Buffer.from('x\0'), member.subarray(10)]);
  it.each([
    ['one member', member, 'read'],
    ['another member behind it', Buffer.concat([member, gzipSync('')]), FORMAT],
    ['an empty member before it', Buffer.concat([gzipSync(''), member]), FORMAT],
    ['a zero behind it', Buffer.concat([member, Buffer.alloc(1)]), FORMAT],
    ['eight zeros behind it', Buffer.concat([member, Buffer.alloc(8)]), FORMAT],
    ['its tail behind it once more', Buffer.concat([member, member.subarray(-8)]), FORMAT],
    [
      'a byte between its data and its tail',
      Buffer.concat([member.subarray(0, -8), Buffer.alloc(1), member.subarray(-8)]),
      FORMAT,
    ],
    ['no tail', member.subarray(0, -8), FORMAT],
    ['half of it', member.subarray(0, member.length / 2), FORMAT],
    ['the name of a file', named, FORMAT],
    ['another check sum', altered(member, member.length - 8, member[member.length - 8]! ^ 1), FORMAT],
    ['another length', altered(member, member.length - 1, 1), FORMAT],
    ['no gzip', deflateRawSync(long), FORMAT],
    ['nothing', Buffer.alloc(0), FORMAT],
    ['a bomb', gzipSync(Buffer.alloc(2 ** 24)), FORMAT],
  ])('of %s', (_, body, outcome) => {
    expect(codeOf(unitOf(1, body), 'gzip')).toBe(outcome);
  });

  it('is refused where the segment names another coding', () => {
    expect(codeOf(unitOf(1, member), 'zstd')).toBe(FORMAT);
    expect(codeOf(unitOf(1, member), 'stored')).toBe(FORMAT);
  });

  it('takes no more memory than its head says, however large it would become', () => {
    const bomb = unitOf(1, gzipSync(Buffer.alloc(2 ** 27)), 1_000);
    const before = process.memoryUsage().arrayBuffers;
    expect(codeOf(bomb, 'gzip')).toBe(FORMAT);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 22);
  });
});

describe('a body under zstd', () => {
  it('is refused as unsupported where Node lacks it', (context) => {
    onlyWhere(context, !hasZstd, 'Node has zstd');
    expect(codeOf(unitOf(2, Buffer.alloc(9)))).toBe(UNSUPPORTED);
  });

  it('is one frame and nothing else', (context) => {
    onlyWhere(context, hasZstd, 'Node has no zstd');
    const { zstdCompressSync } = zlib as unknown as {
      zstdCompressSync(bytes: Uint8Array, options?: object): Buffer;
    };
    const frame = zstdCompressSync(long);
    const skippable = Buffer.from('502a4d1804000000aaaaaaaa', 'hex');
    // One raw block of one byte, of a window of 16 MiB: RFC 8878, 3.1.1.1.2.
    const wide = Buffer.from('28b52ffd00700900000a', 'hex');
    const narrow = Buffer.from('28b52ffd00680900000a', 'hex');
    const cases: [string, Buffer, unknown][] = [
      ['one frame', unitOf(2, frame), 'read'],
      ['two frames', unitOf(2, Buffer.concat([frame, frame])), FORMAT],
      [
        'an empty frame before it',
        unitOf(2, Buffer.concat([zstdCompressSync(Buffer.alloc(0)), frame])),
        FORMAT,
      ],
      [
        'an empty frame behind it',
        unitOf(2, Buffer.concat([frame, zstdCompressSync(Buffer.alloc(0))])),
        FORMAT,
      ],
      ['junk behind it', unitOf(2, Buffer.concat([frame, Buffer.from('junk')])), FORMAT],
      ['a skippable frame before it', unitOf(2, Buffer.concat([skippable, frame])), FORMAT],
      ['a skippable frame behind it', unitOf(2, Buffer.concat([frame, skippable])), FORMAT],
      ['half of it', unitOf(2, frame.subarray(0, frame.length - 3)), FORMAT],
      ['nothing', unitOf(2, Buffer.alloc(0)), FORMAT],
      ['a bomb', unitOf(2, zstdCompressSync(Buffer.alloc(2 ** 24))), FORMAT],
      ['a window of 8 MiB', unitOf(2, narrow, 1), 'read'],
      ['a window of 16 MiB', unitOf(2, wide, 1), FORMAT],
    ];
    expect(cases.map(([name, unit]) => [name, codeOf(unit)])).toEqual(
      cases.map(([name, , outcome]) => [name, outcome]),
    );
  });
});

describe('a control record', () => {
  const unit = (body: string | Uint8Array): Buffer => {
    const bytes = Buffer.from(body);
    const one = encodeControlUnit({ kind: 'heartbeat', records: 1 }, 7).subarray(0, 26);
    const whole = Buffer.concat([one, bytes]);
    whole.writeUInt32BE(bytes.length, 22);
    return whole;
  };
  const drop = { kind: 'drop', lines: 1, bytes: 2, first: 3, last: 4 };
  const predecessor = {
    kind: 'predecessor',
    index: 1,
    offset: 2,
    whole: true,
    acknowledged: null,
    loss: false,
  };
  it.each([
    ['known', drop, 'read'],
    ['with a member that is not known', { ...drop, more: 1, __proto__: 7 }, 'read'],
    ['of another kind', { kind: 'another' }, 'read'],
    ['without a kind', { lines: 1 }, FORMAT],
    ['with a kind that is no string', { kind: 1 }, FORMAT],
    ['without a member', { ...drop, lines: undefined }, FORMAT],
    ['with a fraction', { ...drop, lines: 1.5 }, FORMAT],
    ['with a negative number', { ...drop, lines: -1 }, FORMAT],
    ['with a number over 2^53 - 1', { ...drop, lines: 2 ** 53 }, FORMAT],
    ['with a text for a number', { ...drop, lines: '1' }, FORMAT],
    ['that ends before it begins', { ...drop, last: 2 }, FORMAT],
    ['of a predecessor', predecessor, 'read'],
    [
      'of one with an acknowledgement',
      { ...predecessor, acknowledged: { index: 1, offset: 2, records: 3 } },
      'read',
    ],
    [
      'of one with half an acknowledgement',
      { ...predecessor, acknowledged: { index: 1, offset: 2 } },
      FORMAT,
    ],
    ['of one with a list for an acknowledgement', { ...predecessor, acknowledged: [] }, FORMAT],
    ['that is a list', [], FORMAT],
    ['that is null', null, FORMAT],
  ])('%s', (_, value, outcome) => {
    expect(codeOf(unit(JSON.stringify(value)))).toBe(outcome);
  });

  it('is JSON in UTF-8', () => {
    expect(codeOf(unit('{"kind":"heartbeat","records":1'))).toBe(FORMAT);
    expect(codeOf(unit(Buffer.from('7b226b696e64223a22ff227d', 'hex')))).toBe(FORMAT);
  });
});

describe('a time index', () => {
  const entries = [
    { frame: 0, offset: 0, records: 0, first: 10, last: 20 },
    { frame: 3, offset: 300, records: 30, first: 5, last: 15 },
  ];
  const index = (change: object[], records = 40): Buffer =>
    encodeIndexUnit({ records, entries: entries.map((entry, i) => ({ ...entry, ...change[i] })) });
  it.each([
    ['as it was written', index([]), 'read'],
    ['that does not begin with frame 0', index([{ frame: 1 }]), FORMAT],
    ['that does not begin at 0', index([{ offset: 1 }]), FORMAT],
    ['that does not begin with no line', index([{ records: 1 }]), FORMAT],
    ['whose frames do not rise', index([{}, { frame: 0 }]), FORMAT],
    ['whose offsets do not rise', index([{}, { offset: 0 }]), FORMAT],
    ['whose lines fall', index([{}, {}], 29), FORMAT],
    ['with an entry that ends before it begins', index([{ first: 21 }]), FORMAT],
    ['with another range', altered(index([]), 13, 4), FORMAT],
    [
      'that is cut',
      Buffer.from(index([]))
        .fill(79, 25, 26)
        .subarray(0, 26 + 79),
      FORMAT,
    ],
  ])('%s', (_, unit, outcome) => {
    expect(codeOf(unit)).toBe(outcome);
  });
});
