import { describe, expect, it } from 'vitest';
import { PackReader } from '../../src/format/pack-reader.js';
import { codeOf } from '../reference/failure.js';
import { hex, looseUint } from '../reference/loose-pack.js';

const readUint = (bytes: Uint8Array, declared = bytes.length) =>
  PackReader.read(bytes, declared, (reader) => reader.uint());

describe('an unsigned integer', () => {
  it.each([
    ['00', 0],
    ['7f', 127],
    ['cc 80', 128],
    ['cc ff', 255],
    ['cd 0100', 256],
    ['cd ffff', 65_535],
    ['ce 00010000', 65_536],
    ['ce ffffffff', 2 ** 32 - 1],
    ['cf 0000000100000000', 2 ** 32],
    ['cf 001fffffffffffff', 2 ** 53 - 1],
  ])('is read from its shortest form %s', (literal, value) => {
    expect(readUint(hex(literal))).toBe(value);
  });

  it.each([
    ['cc 00'],
    ['cc 7f'],
    ['cd 0000'],
    ['cd 007f'],
    ['cd 00ff'],
    ['ce 00000000'],
    ['ce 0000ffff'],
    ['cf 0000000000000000'],
    ['cf 00000000ffffffff'],
  ])('is refused in the longer form %s', (literal) => {
    expect(codeOf(() => readUint(hex(literal)))).toBe('ERR_SEALPIPE_FORMAT');
  });

  it.each([
    ['cf 0020000000000000'],
    ['cf 0020000000000001'],
    ['cf 7fffffffffffffff'],
    ['cf ffffffffffffffff'],
  ])('is refused from 2^53 on: %s', (literal) => {
    expect(codeOf(() => readUint(hex(literal)))).toBe('ERR_SEALPIPE_FORMAT');
  });

  it.each([
    ['negative fixint', 'ff'],
    ['the lowest negative fixint', 'e0'],
    ['int 8', 'd0 05'],
    ['int 16', 'd1 0100'],
    ['int 32', 'd2 00010000'],
    ['int 64', 'd3 0000000100000000'],
    ['float 32', 'ca 3f800000'],
    ['float 64', 'cb 3ff0000000000000'],
    ['a string', 'a1 31'],
    ['nil', 'c0'],
    ['the byte that is never used', 'c1'],
  ])('is not %s', (_, literal) => {
    expect(codeOf(() => readUint(hex(literal)))).toBe('ERR_SEALPIPE_FORMAT');
  });

  it('is read by value at every boundary of every width', () => {
    for (const bits of [7, 8, 16, 32]) {
      for (const value of [2 ** bits - 1, 2 ** bits, 2 ** bits + 1]) {
        expect(readUint(looseUint(value))).toBe(value);
      }
    }
  });

  it('has nothing behind it in its section', () => {
    expect(codeOf(() => readUint(hex('00 00')))).toBe('ERR_SEALPIPE_FORMAT');
    expect(codeOf(() => readUint(hex('cc 80 c0')))).toBe('ERR_SEALPIPE_FORMAT');
  });

  it('does not reach beyond its section', () => {
    expect(codeOf(() => readUint(hex('cd 01'), 2))).toBe('ERR_SEALPIPE_FORMAT');
    expect(codeOf(() => readUint(hex('cf 00000001'), 8))).toBe('ERR_SEALPIPE_FORMAT');
    expect(codeOf(() => readUint(hex(''), 0))).toBe('ERR_SEALPIPE_FORMAT');
  });
});

describe('the beginning of an integer', () => {
  it.each([
    ['cc'],
    ['cd'],
    ['cd 01'],
    ['ce 0001'],
    ['ce 000100'],
    ['cf 000000'],
    ['cf 001fffff'],
    ['cf 00000001'],
  ])('is a legal prefix while a legal number can follow: %s', (literal) => {
    const bytes = hex(literal);
    const declared = 1 + (1 << (bytes[0]! - 0xcc));
    expect(readUint(bytes, declared)).toBeUndefined();
  });

  it.each([
    ['a zero where a byte would have been enough', 'cd 00', 3],
    ['two zeros where two bytes would have been enough', 'ce 0000', 5],
    ['four zeros where four bytes would have been enough', 'cf 00000000', 9],
    ['more than 53 bits', 'cf 0020', 9],
    ['more than 56 bits', 'cf 01', 9],
  ])('is refused as soon as it shows %s', (_, literal, declared) => {
    const bytes = hex(literal);
    expect(codeOf(() => readUint(bytes, declared))).toBe('ERR_SEALPIPE_FORMAT');
    expect(readUint(bytes.subarray(0, -1), declared)).toBeUndefined();
  });
});

describe('a flag', () => {
  const readTrue = (literal: string) =>
    PackReader.read(hex(literal), literal.length / 2, (reader) => reader.true());

  it('is true', () => {
    expect(readTrue('c3')).toBe(true);
  });

  it.each([['c2'], ['c0'], ['01'], ['c1']])('is not %s', (literal) => {
    expect(codeOf(() => readTrue(literal))).toBe('ERR_SEALPIPE_FORMAT');
  });
});

describe('nil', () => {
  it('is taken where it is next, and nothing else is', () => {
    const read = (literal: string) =>
      PackReader.read(hex(literal), literal.length / 2, (reader) =>
        reader.nil() ? 'nil' : `${reader.uint()}`,
      );
    expect(read('c0')).toBe('nil');
    expect(read('05')).toBe('5');
  });
});
