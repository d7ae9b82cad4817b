import { describe, expect, it } from 'vitest';
import { noMoreOpen } from '../../../src/files/replace-file/openness.js';

const GROUP = 100n;
const OTHER_GROUP = 200n;

function mode(wanted: number, source: number, group = GROUP): string {
  return noMoreOpen(wanted, GROUP, { mode: source, group }).toString(8);
}

describe('the mode of an output', () => {
  it.each([
    [0o644, 0o600, '600'],
    [0o644, 0o640, '640'],
    [0o644, 0o644, '644'],
    [0o600, 0o644, '600'],
    [0o666, 0o604, '604'],
    [0o644, 0o400, '600'],
    [0o640, 0o777, '640'],
  ])('%o from a source of mode %o of the same group', (wanted, source, expected) => {
    expect(mode(wanted, source)).toBe(expected);
  });

  it.each([
    [0o640, 0o640, '600'],
    [0o644, 0o644, '644'],
    [0o644, 0o604, '600'],
    [0o664, 0o674, '644'],
    [0o666, 0o600, '600'],
  ])(
    '%o from a source of mode %o of another group, of which anyone may be a member',
    (wanted, source, expected) => {
      expect(mode(wanted, source, OTHER_GROUP)).toBe(expected);
    },
  );

  it('is that of no source, and of the strictest of several', () => {
    expect(noMoreOpen(0o644, GROUP)).toBe(0o644);
    expect(noMoreOpen(0o644, GROUP, undefined)).toBe(0o644);
    const [a, b] = [
      { mode: 0o640, group: GROUP },
      { mode: 0o604, group: GROUP },
    ];
    expect(noMoreOpen(0o644, GROUP, a, undefined, b)).toBe(0o600);
  });
});
