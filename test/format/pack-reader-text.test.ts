import { describe, expect, it } from 'vitest';
import { PackReader } from '../../src/format/pack-reader.js';
import { codeOf } from '../reference/failure.js';
import { hex, looseBin, looseStr } from '../reference/loose-pack.js';

const readStr = (bytes: Uint8Array, declared = bytes.length) =>
  PackReader.read(bytes, declared, (reader) => reader.str());
const readBin = (bytes: Uint8Array, declared = bytes.length) =>
  PackReader.read(bytes, declared, (reader) => reader.bin());

describe('the length of a string', () => {
  it.each([
    [0, 0],
    [31, 0],
    [32, 1],
    [255, 1],
    [256, 2],
    [65_535, 2],
    [65_536, 4],
  ])('of %i bytes has a field of %i bytes, and no wider one', (length, width) => {
    const content = 'x'.repeat(length);
    expect(readStr(looseStr(content, width))).toBe(content);
    for (const wider of [1, 2, 4].filter((other) => other > width)) {
      expect(codeOf(() => readStr(looseStr(content, wider)))).toBe('ERR_SEALPIPE_FORMAT');
    }
  });

  it.each([
    [0, 1],
    [255, 1],
    [256, 2],
    [65_535, 2],
    [65_536, 4],
  ])('of a binary of %i bytes has a field of %i bytes, and no wider one', (length, width) => {
    const content = Buffer.alloc(length, 0xc1);
    expect(content.equals(readBin(looseBin(content, width))!)).toBe(true);
    for (const wider of [2, 4].filter((other) => other > width)) {
      expect(codeOf(() => readBin(looseBin(content, wider)))).toBe('ERR_SEALPIPE_FORMAT');
    }
  });

  it.each([
    ['fixstr', 'a3 6162'],
    ['str 8', 'd9 21 6162'],
    ['str 16', 'da 0100 61'],
    ['str 32', 'db 00010000 61'],
    ['the longest str 32', 'db ffffffff'],
  ])('beyond the section is refused: %s', (_, literal) => {
    expect(codeOf(() => readStr(hex(literal)))).toBe('ERR_SEALPIPE_FORMAT');
  });

  it.each([
    ['bin 8', 'c4 02 00'],
    ['bin 16', 'c5 0100 00'],
    ['bin 32', 'c6 ffffffff 00'],
  ])('beyond the section is refused: %s', (_, literal) => {
    expect(codeOf(() => readBin(hex(literal)))).toBe('ERR_SEALPIPE_FORMAT');
  });

  it('is refused at its head where no length of that width fits the section', () => {
    expect(codeOf(() => readStr(hex('da'), 100))).toBe('ERR_SEALPIPE_FORMAT');
    expect(codeOf(() => readStr(hex('db'), 65_536))).toBe('ERR_SEALPIPE_FORMAT');
    expect(codeOf(() => readBin(hex('c6'), 65_536))).toBe('ERR_SEALPIPE_FORMAT');
    expect(readStr(hex('da'), 300)).toBeUndefined();
    expect(readBin(hex('c5'), 300)).toBeUndefined();
  });

  it('is refused at its head where no length of that width is allowed there', () => {
    const short = (literal: string) =>
      PackReader.read(hex(literal), 5_000, (reader) => reader.strBytes(1, 64));
    expect(codeOf(() => short('da'))).toBe('ERR_SEALPIPE_FORMAT');
    expect(codeOf(() => short('d9 41'))).toBe('ERR_SEALPIPE_FORMAT');
    expect(codeOf(() => short('a0'))).toBe('ERR_SEALPIPE_FORMAT');
    expect(short('d9')).toBeUndefined();
    expect(short('d9 40')).toBeUndefined();
    const digest = (literal: string) => PackReader.read(hex(literal), 5_000, (reader) => reader.bin(32, 32));
    expect(codeOf(() => digest('c5'))).toBe('ERR_SEALPIPE_FORMAT');
    expect(digest('c4')).toBeUndefined();
  });
});

describe('a string', () => {
  it.each([
    ['U+0000', '\0'],
    ['U+FEFF at its head', '\ufeffa'],
    ['nothing but U+FEFF', '\ufeff'],
    ['U+FEFF before more than 64 bytes', `\ufeff${'long'.repeat(20)}`],
    ['the last character below the surrogates', '\ud7ff'],
    ['the first above them', '\ue000'],
    ['a noncharacter', '\uffff'],
    ['the first astral character', '\u{10000}'],
    ['the last character', '\u{10ffff}'],
    ['a composed character', '\u00e9'],
    ['a decomposed one', 'e\u0301'],
  ])('may hold %s, and keeps it', (_, text) => {
    expect(readStr(looseStr(text))).toBe(text);
  });

  // The bytes, and how many of them show that no legal text can begin so.
  it.each([
    ['a lone continuation byte', '80', 1],
    ['a surrogate, high', 'eda080', 2],
    ['a surrogate, low', 'edbfbf', 2],
    ['a pair of surrogates (CESU-8)', 'eda081edb080', 2],
    ['U+0000 in two bytes', 'c080', 1],
    ['a solidus in two bytes', 'c0af', 1],
    ['the other two-byte overlong lead', 'c180', 1],
    ['three bytes where two do', 'e08080', 2],
    ['three bytes where two do, at the edge', 'e09fbf', 2],
    ['four bytes where three do', 'f08080af', 2],
    ['four bytes where three do, at the edge', 'f08fbfbf', 2],
    ['a character above U+10FFFF', 'f4908080', 2],
    ['a lead that no character has', 'f5808080', 1],
    ['FE', 'fe', 1],
    ['FF', 'ff', 1],
    ['a character broken off by another', 'e28261', 3],
    ['a fault behind good text', '616263ff61', 4],
    ['a lead without room for the rest', '6162c3', 3],
    ['a three-byte lead without room', '61e282', 2],
    ['a four-byte lead without room', 'f09f98', 1],
  ])('is strict UTF-8: %s is refused at the byte that shows it', (_, content, at) => {
    const bytes = looseStr(hex(content));
    expect(codeOf(() => readStr(bytes))).toBe('ERR_SEALPIPE_FORMAT');
    for (let cut = 0; cut < bytes.length; cut++) {
      const outcome = codeOf(() => expect(readStr(bytes.subarray(0, cut), bytes.length)).toBeUndefined());
      expect([cut, outcome]).toEqual([cut, cut >= 1 + at ? 'ERR_SEALPIPE_FORMAT' : undefined]);
    }
  });

  it('may be cut within a character whose rest has room', () => {
    const bytes = looseStr('a\u00e9\u20ac\u{1f600}');
    for (let cut = 0; cut < bytes.length; cut++) {
      expect(readStr(bytes.subarray(0, cut), bytes.length)).toBeUndefined();
    }
    expect(readStr(bytes)).toBe('a\u00e9\u20ac\u{1f600}');
  });

  it.each([['c4 01 61'], ['01'], ['c0'], ['91 61'], ['81 a1 61 c0'], ['d4 01 61'], ['c1']])(
    'is not %s',
    (literal) => {
      expect(codeOf(() => readStr(hex(literal)))).toBe('ERR_SEALPIPE_FORMAT');
    },
  );
});

describe('a binary', () => {
  it.each([['a1 61'], ['01'], ['c7 01 05 00'], ['d4 05 00'], ['c1'], ['c0']])('is not %s', (literal) => {
    expect(codeOf(() => readBin(hex(literal)))).toBe('ERR_SEALPIPE_FORMAT');
  });
});
