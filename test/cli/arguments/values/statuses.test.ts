import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../../src/cli/arguments/command-line.js';
import { okStatuses } from '../../../../src/cli/arguments/values/statuses.js';

const statuses = (...words: string[]) => [...okStatuses(parseCommandLine(['encrypt', ...words]))];
const misuse = expect.objectContaining({ status: 2 });

describe('the exit statuses of a program that count as success', () => {
  it('are 0 and those of --ok-status', () => {
    expect(statuses('--', 'cat')).toEqual([0]);
    expect(statuses('a')).toEqual([0]);
    expect(statuses('--ok-status', '1,255,0', '--', 'cat')).toEqual([0, 1, 255]);
  });

  it.each(['256', '1,', ',1', '-1', 'x', '1 2', '0x1', '1.5', '1000'])('are not %j', (list) => {
    expect(() => statuses(`--ok-status=${list}`, '--', 'cat')).toThrow(misuse);
  });

  it('need a program', () => expect(() => statuses('--ok-status', '1', 'a')).toThrow(misuse));
});
