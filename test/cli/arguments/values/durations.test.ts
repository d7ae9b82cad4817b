import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../../../src/cli/arguments/values/durations.js';

describe('a time on the command line', () => {
  it.each([
    ['0s', 0],
    ['500ms', 500],
    ['5s', 5_000],
    ['1.5s', 1_500],
    ['2 min', 120_000],
    ['1m', 60_000],
    ['2h', 7_200_000],
    ['24d', 2_073_600_000],
    ['2147483647ms', 2_147_483_647],
  ])('%s is %d milliseconds', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each([
    ...['5', '', 's', '-5s', '+5s', '5 S', '5S', '1e3s', '5s ', ' 5s', '.5s', '5.s', '0x5s', '5w', '5s5s'],
    ...['25d', '2147483648ms', '99999999999s', '5constructor', '5toString', '5\ns', 'Infinity s', 'NaNs'],
  ])('%j is refused', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});
