import { describe, expect, it } from 'vitest';
import { progressText } from '../../../src/cli/terminal/progress-line.js';
import { formatBytes, formatDuration, formatSize, parseSize } from '../../../src/cli/terminal/units.js';

describe('a size', () => {
  it.each([
    ['0', 0],
    ['4096', 4096],
    ['64KiB', 65_536],
    ['64 kib', 65_536],
    ['1GB', 1e9],
    ['64K', 65_536],
    ['64k', 65_536],
    ['1M', 2 ** 20],
    ['10 G', 10 * 2 ** 30],
    ['2T', 2 ** 41],
    ['1KB', 1_000],
    ['2TiB', 2 ** 41],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['9007199254740992', undefined],
    ['8192TiB', undefined],
    ['', undefined],
    ['-1', undefined],
    ['1.5GiB', undefined],
    ['0x10', undefined],
    ['1MK', undefined],
    ['K', undefined],
    ['KiB', undefined],
    ['1__proto__', undefined],
    ['1constructor', undefined],
  ])('%s is %s bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1536, '1.5 KiB'],
    [99.95 * 1024 - 0.8, '99.9 KiB'],
    [102_401, '100 KiB'],
    [2 ** 30, '1 GiB'],
    [250 * 2 ** 20 + 1, '250 MiB'],
    [2 ** 53, '8 PiB'],
  ])('of %d bytes is shown as %s', (bytes, text) => {
    expect(formatSize(bytes)).toBe(text);
  });

  it('is shown to the byte', () => {
    expect([0, 1, 999, 1000, 1234567].map(formatBytes)).toEqual([
      ...['0 bytes', '1 byte', '999 bytes', '1,000 bytes', '1,234,567 bytes'],
    ]);
  });
});

describe('a time', () => {
  it.each([
    [400, '0 s'],
    [59_400, '59 s'],
    [59_600, '1 min 00 s'],
    [3_599_000, '59 min 59 s'],
    [3_723_000, '1 h 02 min'],
  ])('of %d ms is shown as %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });
});

describe('progress', () => {
  it('shows what is known', () => {
    expect(progressText(2 ** 29, 2 ** 30, 2_000)).toBe('512 MiB of 1 GiB, 50 %, 256 MiB/s, 2 s left');
    expect(progressText(2 ** 29, undefined, 2_000)).toBe('512 MiB, 256 MiB/s');
    expect(progressText(0, 100, 1_000)).toBe('0 B of 100 B, 0 %, 0 B/s');
    expect(progressText(200, 100, 1_000)).toBe('200 B of 100 B, 100 %, 200 B/s');
    expect(progressText(100, 100, 1_000)).toBe('100 B of 100 B, 100 %, 100 B/s, 0 s left');
    expect(progressText(100, 0, 1_000)).toBe('100 B, 100 B/s');
  });
});
