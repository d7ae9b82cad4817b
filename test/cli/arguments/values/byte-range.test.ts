import { describe, expect, it } from 'vitest';
import { byteRange, percentage } from '../../../../src/cli/arguments/values/byte-range.js';

const misuse = expect.objectContaining({ status: 2 });

describe('a range on the command line', () => {
  it.each([
    ['0-0', 0, 1],
    ['3-9', 3, 10],
    ['7-', 7, undefined],
    ['-5', -5, undefined],
    ['-0', -0, undefined],
    ['0-9007199254740990', 0, Number.MAX_SAFE_INTEGER],
  ])('%s is from %d to %s', (text, start, end) => expect(byteRange(text)).toEqual({ start, end }));

  it.each([
    '',
    '-',
    '5',
    '3-2',
    '0-9007199254740991',
    '9007199254740992-',
    'a-b',
    '1-2-3',
    ' 1-2',
    '12345678901234567-',
  ])('%j is refused', (text) => expect(() => byteRange(text)).toThrow(misuse));
});

describe('a percentage on the command line', () => {
  it.each([
    ['5', 5],
    ['0.5%', 0.5],
    ['100%', 100],
    ['0.000001', 0.000001],
  ])('%s is %d', (text, percent) => expect(percentage(text)).toBe(percent));

  it.each(['0', '0%', '100.1', '101', '-1', '', '%', '1e1', '5%%'])('%j is refused', (text) =>
    expect(() => percentage(text)).toThrow(misuse),
  );
});
