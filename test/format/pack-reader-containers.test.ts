import { describe, expect, it } from 'vitest';
import type { Fields } from '../../src/format/pack-reader.js';
import { PackReader } from '../../src/format/pack-reader.js';
import { codeOf } from '../reference/failure.js';
import { hex, looseArray, looseBin, looseMap, looseStr, looseUint } from '../reference/loose-pack.js';

interface Two {
  readonly a: number;
  readonly b?: number;
}
const TWO: Fields<Two> = {
  a: { required: true, read: (reader) => reader.uint() },
  b: { required: false, read: (reader) => reader.uint() },
};
const readTwo = (bytes: Uint8Array, declared = bytes.length) =>
  PackReader.read(bytes, declared, (reader) => reader.map(TWO));

/** Reads a map in which nothing is known: its values must be legal all the same. */
const readUnknown = (value: Uint8Array) => {
  const bytes = looseMap([['x', value]]);
  return PackReader.read(bytes, bytes.length, (reader) => reader.map({}));
};

describe('a map', () => {
  it('is read in any order of its keys', () => {
    expect(
      readTwo(
        looseMap([
          ['b', looseUint(2)],
          ['a', looseUint(1)],
        ]),
      ),
    ).toMatchObject({ a: 1, b: 2 });
    expect(readTwo(looseMap([['a', looseUint(1)]]))).toMatchObject({ a: 1 });
  });

  it('must have what is required', () => {
    expect(codeOf(() => readTwo(looseMap([['b', looseUint(2)]])))).toBe('ERR_SEALPIPE_FORMAT');
    expect(codeOf(() => readTwo(looseMap([])))).toBe('ERR_SEALPIPE_FORMAT');
  });

  it('is refused at its head where there is no room for what is required', () => {
    expect(codeOf(() => readTwo(hex('80'), 4))).toBe('ERR_SEALPIPE_FORMAT');
    expect(
      codeOf(() => readTwo(hex('82'), 4)),
      'a pair is two bytes at least',
    ).toBe('ERR_SEALPIPE_FORMAT');
    expect(readTwo(hex('82'), 5)).toBeUndefined();
    expect(
      codeOf(() => readTwo(hex('de'), 34)),
      'sixteen pairs at least',
    ).toBe('ERR_SEALPIPE_FORMAT');
    expect(readTwo(hex('de'), 35)).toBeUndefined();
    expect(
      codeOf(() => readTwo(hex('de 01'), 500)),
      '256 pairs at least',
    ).toBe('ERR_SEALPIPE_FORMAT');
    expect(codeOf(() => readTwo(hex('81 a1 62 02'), 7))).toBe('ERR_SEALPIPE_FORMAT');
  });

  it.each([['a'], ['b'], ['unknown'], ['__proto__'], ['\ufeff'], ['']])('has no key twice: %j', (key) => {
    const pairs: [string, Uint8Array][] = [
      [key, looseUint(1)],
      [key, looseUint(1)],
    ];
    if (key !== 'a') pairs.push(['a', looseUint(1)]);
    expect(codeOf(() => readTwo(looseMap(pairs)))).toBe('ERR_SEALPIPE_FORMAT');
    expect(codeOf(() => readTwo(looseMap(pairs.slice(1))))).toBeUndefined();
  });

  it('tells keys apart by their bytes', () => {
    const pairs = ['\u00e9', 'e\u0301', 'A', '\ufeffa'].map((key) => [key, looseUint(0)] as const);
    expect(readTwo(looseMap([['a', looseUint(1)], ...pairs]))).toMatchObject({ a: 1 });
  });

  it.each([['__proto__'], ['constructor'], ['hasOwnProperty'], ['toString']])(
    'takes the unknown key %s for any other, and pollutes nothing',
    (key) => {
      const value = looseMap([['polluted', looseUint(1)]]);
      const two = readTwo(
        looseMap([
          [key, value],
          ['a', looseUint(1)],
        ]),
      )!;
      expect(two.a).toBe(1);
      expect(({} as { polluted?: number }).polluted).toBeUndefined();
      expect((two as { polluted?: number }).polluted).toBeUndefined();
    },
  );

  it.each([
    ['a number for a key', '82 01 01 a161 01'],
    ['nil for a key', '82 c0 01 a161 01'],
    ['a binary for a key', '82 c40162 01 a161 01'],
    ['a key that is not UTF-8', '82 a1ff 01 a161 01'],
    ['a key that is not in its shortest form', '82 d90162 01 a161 01'],
  ])('has strings for keys, not %s', (_, literal) => {
    expect(codeOf(() => readTwo(hex(literal)))).toBe('ERR_SEALPIPE_FORMAT');
  });

  it.each([
    ['map 16 with 1', 'de 0001 a161 01'],
    ['map 32 with 1', 'df 00000001 a161 01'],
    ['an array', '92 a161 01'],
    ['a count beyond the rest', '8f a161 01'],
    ['a map 16 beyond the rest', 'de ffff a161 01'],
    ['a map 32 beyond the rest', 'df ffffffff a161 01'],
  ])('is not %s', (_, literal) => {
    expect(codeOf(() => readTwo(hex(literal)))).toBe('ERR_SEALPIPE_FORMAT');
  });

  it('of 15 pairs has a short head, of 16 a longer one', () => {
    for (const [pairs, width] of [
      [15, 0],
      [16, 2],
    ] as const) {
      const all = Array.from({ length: pairs }, (_, i) => [i === 0 ? 'a' : `k${i}`, looseUint(0)] as const);
      expect(codeOf(() => readTwo(looseMap(all, width)))).toBeUndefined();
      expect(codeOf(() => readTwo(looseMap(all, width === 0 ? 2 : 4)))).toBe('ERR_SEALPIPE_FORMAT');
    }
  });
});

describe('an unknown value', () => {
  const deep = (levels: number): Buffer => (levels === 0 ? looseUint(1) : looseArray([deep(levels - 1)]));

  it.each([
    ['an integer', looseUint(5)],
    ['2^53 - 1', looseUint(2 ** 53 - 1)],
    ['nil', hex('c0')],
    ['false', hex('c2')],
    ['true', hex('c3')],
    ['a string', looseStr('x'.repeat(300))],
    ['a binary', looseBin(Buffer.alloc(300))],
    ['an empty array', looseArray([])],
    ['an array of 16', looseArray(Array.from({ length: 16 }, () => hex('c0')))],
    ['a map', looseMap([['y', looseMap([])]])],
    ['a third container within', deep(3)],
  ])('may be %s', (_, value) => {
    expect(codeOf(() => readUnknown(value))).toBeUndefined();
  });

  it.each([
    ['a fifth container', deep(4)],
    ['a fifth container that is a map', looseArray([looseArray([looseMap([['y', looseMap([])]])])])],
    [
      'a duplicate key far down',
      looseArray([
        looseMap([
          ['y', hex('c0')],
          ['y', hex('c0')],
        ]),
      ]),
    ],
    ['a long form far down', looseArray([hex('cc 05')])],
    ['2^53', hex('cf 0020000000000000')],
    [
      'an array of 15 in a long form',
      looseArray(
        Array.from({ length: 15 }, () => hex('c0')),
        2,
      ),
    ],
    ['a string that is not UTF-8', looseStr(hex('eda080'))],
    ['an array with a count beyond the rest', hex('dd ffffffff')],
    ['an array 16 with a count beyond the rest', hex('dc ffff')],
  ])('may not be %s', (_, value) => {
    expect(codeOf(() => readUnknown(value))).toBe('ERR_SEALPIPE_FORMAT');
  });

  it('may begin with 40 of the head bytes after the fixed ones, and with no other', () => {
    const legal = new Set([0xc0, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xcc, 0xcd, 0xce, 0xcf]);
    for (const head of [0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xde, 0xdf]) legal.add(head);
    for (let head = 0; head < 256; head++) {
      // One byte of a section in which anything has room.
      const bytes = Buffer.concat([hex('81 a1 78'), Buffer.of(head)]);
      const outcome = codeOf(() => PackReader.read(bytes, 1_000_000, (reader) => reader.map({})));
      const begins = head < 0xc0 || legal.has(head);
      expect([head, outcome]).toEqual([head, begins ? undefined : 'ERR_SEALPIPE_FORMAT']);
    }
  });
});

describe('an array', () => {
  const readArray = (bytes: Uint8Array, declared = bytes.length) =>
    PackReader.read(bytes, declared, (reader) => reader.array(1, 20, () => reader.uint()));

  it('is read with a count from its least to its most', () => {
    for (const count of [1, 15, 16, 20]) {
      const items = Array.from({ length: count }, (_, i) => looseUint(i));
      expect(readArray(looseArray(items))).toHaveLength(count);
    }
  });

  it('is refused at its head for fewer or more', () => {
    expect(codeOf(() => readArray(hex('90'), 100))).toBe('ERR_SEALPIPE_FORMAT');
    expect(codeOf(() => readArray(hex('dc 0015'), 100))).toBe('ERR_SEALPIPE_FORMAT');
    expect(codeOf(() => readArray(hex('dd'), 65_536))).toBe('ERR_SEALPIPE_FORMAT');
    expect(codeOf(() => readArray(hex('dc 01'), 65_536))).toBe('ERR_SEALPIPE_FORMAT');
    expect(readArray(hex('dc 00'), 100)).toBeUndefined();
    expect(readArray(hex('dc 0014'), 100)).toBeUndefined();
  });
});
