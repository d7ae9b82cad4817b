import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../../src/cli/arguments/command-line.js';
import { parseTime, timeOption } from '../../../../src/cli/arguments/values/times.js';

const NOW = Date.UTC(2026, 6, 1, 12);

describe('a moment on the command line', () => {
  it.each([
    ['2h', '2026-07-01T10:00:00.000Z'],
    ['2026-03-04', '2026-03-04T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2026-03-04T05:06', '2026-03-04T05:06:00.000Z'],
    ['2026-03-04 23:59:59', '2026-03-04T23:59:59.000Z'],
    ['2026-03-04T05:06:07.8Z', '2026-03-04T05:06:07.800Z'],
    ['2026-03-04T05:06:07,123456789Z', '2026-03-04T05:06:07.123Z'],
    ['2026-03-04T05:06+01:30', '2026-03-04T03:36:00.000Z'],
    ['2026-03-04T05:06-0130', '2026-03-04T06:36:00.000Z'],
    ['2026-03-04T05:06+23:59', '2026-03-03T05:07:00.000Z'],
    ['1970-01-01', '1970-01-01T00:00:00.000Z'],
  ])('%s is %s', (text, moment) => {
    expect(new Date(parseTime(text, NOW)!).toISOString()).toBe(moment);
  });

  it.each([
    ...['', 'now', '2026', '2026-3-4', '2026-02-29', '2026-00-10', '2026-13-01', '2026-03-00', '2026-03-32'],
    ...['2026-03-04T24:00', '2026-03-04T05:60', '2026-03-04T05:06:60', '2026-03-04T05:06+24:00'],
    ...['2026-03-04T05', '2026-03-04T05:06:07.', '2026-03-04Z', ' 2026-03-04', '2026-03-04\n', '500000h'],
  ])('%j is refused', (text) => expect(parseTime(text, NOW)).toBeUndefined());

  it('is read from its option, or refused with status 2', () => {
    const { options } = parseCommandLine(['logs', 'cat', 'a', '--since', '2026-03-04', '--until', 'soon']);
    expect(timeOption(options, 'since')).toBe(Date.UTC(2026, 2, 4));
    expect(() => timeOption(options, 'until')).toThrow(expect.objectContaining({ status: 2 }));
    expect(timeOption(options, 'before')).toBeUndefined();
  });
});
