import { describe, expect, it } from 'vitest';
import { LineJoiner } from '../../../src/logs/units/line-joiner.js';
import type { LinesUnit } from '../../../src/logs/units/unit.js';
import { decodeUnit, encodeControlUnit, encodeIndexUnit, encodeLines } from '../../../src/logs/units/unit.js';
import { altered, codeOf, FORMAT, UNSUPPORTED } from './unit-kit.js';

const text = Buffer.from('one\ntwo\n');
const good = (): Buffer => encodeLines({ text, lines: 2, first: 5, last: 9 });
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
    expect(joiner.take(piece(false, true)).lines).toEqual([]);
    expect(joiner.take(piece(true, true)).lines).toEqual([]);
    expect(joiner.unfinished).toBe(6);
    expect(joiner.take(piece(true, false)).lines.map(String)).toEqual(['xxxxxxxxx']);
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
