import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../src/cli/arguments/command-line.js';
import { namedKeys } from '../../../src/cli/keys/keys-to-seal.js';

function named(words: readonly string[], SEALPIPE_KEY?: string): unknown[] {
  const { options } = parseCommandLine(['encrypt', ...words]);
  return namedKeys(options, SEALPIPE_KEY === undefined ? {} : { SEALPIPE_KEY });
}

describe('the keys that are named', () => {
  it('are those of SEALPIPE_KEY, one a line', () => {
    expect(named([], 'alias/a\nlocal:alias/b\r\n\nfile:/a b\n')).toEqual([
      { kind: 'aws', keyId: 'alias/a' },
      { kind: 'local', keyId: 'alias/b' },
      { kind: 'file', path: '/a b' },
    ]);
  });

  it('are those of --key, whatever SEALPIPE_KEY says', () => {
    expect(named(['-k', 'alias/b'], 'nonsense')).toEqual([{ kind: 'aws', keyId: 'alias/b' }]);
  });

  it.each([[undefined], [''], ['\n\n']])('are none with SEALPIPE_KEY=%j', (value) => {
    expect(named([], value)).toEqual([]);
  });

  it('are refused if one of the lines is not a key', () => {
    expect(() => named([], 'alias/a\nnonsense')).toThrow('nonsense is not a valid key name');
  });
});
