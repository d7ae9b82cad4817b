import { describe, expect, it } from 'vitest';
import { formatSize, parseSize } from '../../bench/sizes.mjs';

describe('a size', () => {
  it.each([
    ['64', 64],
    ['64B', 64],
    ['4KiB', 4_096],
    ['1 MiB', 1_048_576],
    ['8GiB', 8 * 2 ** 30],
  ])('%s is %d bytes', (text, bytes) => expect(parseSize(text)).toBe(bytes));

  it.each(['', '0', '-1', '1.5MiB', '4kb', '4 K', 'MiB', '99999999999999999'])('%j is none', (text) =>
    expect(parseSize(text)).toBeNaN(),
  );

  it.each([
    [64, '64 B'],
    [1_536, '1536 B'],
    [65_536, '64 KiB'],
    [1_048_576, '1 MiB'],
    [2 ** 33, '8 GiB'],
  ])('of %d bytes is written %s, and read again', (bytes, text) => {
    expect(formatSize(bytes)).toBe(text);
    expect(parseSize(text)).toBe(bytes);
  });
});
