import { describe, expect, it } from 'vitest';
import { commandToExplain, findByWords } from '../../../src/cli/arguments/command-words.js';

const refused = (what: string, hint: RegExp) =>
  expect.objectContaining({ status: 2, what, hint: expect.stringMatching(hint) });

describe('a command to explain', () => {
  it('is found by its name', () => {
    expect([commandToExplain('encrypt').name, commandToExplain('logs cat').name]).toEqual([
      'encrypt',
      'logs cat',
    ]);
  });

  it.each([
    ['encrpt', 'unknown command encrpt', /Did you mean encrypt\?/],
    ['lgos', 'unknown command lgos', /Did you mean logs\?/],
    ['nothing', 'unknown command nothing', /sealpipe --help/],
    ['logs wirte', 'unknown command logs wirte', /Did you mean logs write\?/],
    ['kms nothing', 'unknown command kms nothing', /sealpipe kms --help/],
    ['encrypt x', 'unknown command encrypt x', /Did you mean encrypt\?|sealpipe --help/],
    ['logs --json', 'expected a command, not --json', /sealpipe logs COMMAND/],
  ])('is refused if it does not exist: %s', (name, what, hint) => {
    expect(() => commandToExplain(name)).toThrow(refused(what, hint));
  });
});

describe('the words of a command line', () => {
  it('are the command and the rest', () => {
    expect(findByWords(['kms', 'list', 'x']).rest).toEqual(['x']);
    expect(findByWords(['encrypt', 'kms', 'list']).rest).toEqual(['kms', 'list']);
    expect(findByWords(['--version', '--json']).rest).toEqual(['--json']);
  });

  it.each([['-v'], ['-V']])('may be %s, which suggests --version', (word) => {
    expect(() => findByWords([word])).toThrow(refused(`expected a command, not ${word}`, /--version/));
  });

  it('name a group alone: its commands are shown', () => {
    expect(() => findByWords(['kms'])).toThrow(refused('kms needs a command', /create-key, list, /));
  });
});
