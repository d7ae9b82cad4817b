import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../src/cli/arguments/command-line.js';
import { COMMANDS } from '../../../src/cli/arguments/commands.js';
import { OPTIONS, type OptionName, optionSpec } from '../../../src/cli/arguments/options.js';
import type { CommandError } from '../../../src/cli/terminal/command-error.js';

const parsed = (...words: string[]) => {
  const { command, operands, program, options } = parseCommandLine(words);
  return { name: command.name, operands, program, options };
};

const refused = (...words: string[]): CommandError => {
  try {
    parseCommandLine(words);
  } catch (error) {
    return error as CommandError;
  }
  return expect.fail('it was taken');
};

describe('a command line', () => {
  it('has options in any place and spelling', () => {
    const { operands, options } = parsed(
      'encrypt',
      '-qf',
      'a',
      '-ob',
      '--key=x',
      '-k',
      'y',
      '-c',
      'a=-b',
      '--suite',
      'sm4-gcm',
    );
    expect(operands).toEqual(['a']);
    expect([options.has('quiet'), options.has('force'), options.has('verbose')]).toEqual([true, true, false]);
    expect([options.text('output'), options.texts('key'), options.texts('context')]).toEqual([
      'b',
      ['x', 'y'],
      ['a=-b'],
    ]);
    expect(options.text('suite')).toBe('SM4-GCM');
  });

  it('has a program after --, for encrypt only', () => {
    expect(parsed('encrypt', '-q', '--', 'cat', '--', '-q')).toMatchObject({
      operands: [],
      program: ['cat', '--', '-q'],
    });
    expect(parsed('decrypt', '--', '-q')).toMatchObject({ operands: ['-q'], program: undefined });
  });

  it('may name a command of two words, and ask for help in several ways', () => {
    expect(parsed('kms', 'list', '--json').name).toBe('kms list');
    expect(parsed('--version', '--json').name).toBe('version');
    expect(parsed('--help').name).toBe('help');
    expect(parsed('kms', '--help')).toMatchObject({ name: 'help', operands: ['kms'] });
    expect(parsed('kms', 'describe', '-h').options.has('help')).toBe(true);
  });

  it('is refused with status 2 for every option that its command does not take', () => {
    for (const { name, options } of COMMANDS) {
      const taken: readonly OptionName[] = options;
      for (const option of (Object.keys(OPTIONS) as OptionName[]).filter((other) => !taken.includes(other))) {
        const value = optionSpec(option).value === undefined ? [] : ['x'];
        expect(refused(...name.split(' '), `--${option}`, ...value).status).toBe(2);
      }
    }
  });

  it.each([
    [['encrypt', '-output', 'x', 'a'], /--output/],
    [['encrypt', 'a', '-force'], /--force/],
    [['decrypt', '-key=x', 'a'], /--key/],
    [['kms', 'export', '-output', 'x'], /--output/],
    [['help', 'encrpt', '--hlep'], /--help/],
    [['--versoin'], /--version/],
    [['-V'], /--version/],
    [['kms', '--json', 'list'], /sealpipe kms COMMAND/],
    [['kms', 'create-key', '--alais', 'x'], /--alias/],
    [['kms', 'describe', '--jsno', 'x'], /--json/],
    [['encrypt', 'pg_dump', 'my db'], /encrypt -o FILE -- pg_dump 'my db' /],
    [['encrypt', 'a', 'b'], /tar -cf - a b /],
    [
      ['encrypt', ...Array.from({ length: 2_000 }, (_, at) => `f${at}`)],
      /tar -cf - f0 f1 f2 f3 f4 f5 f6 f7 … \)$/,
    ],
    [['encrypt', 'pg_dump', '--clean', 'db'], /encrypt -o FILE -- pg_dump --clean …$/],
    [['encrypt', 'a', '--ouput', 'b'], /Did you mean --output/],
  ])('%j is refused, and what was meant is shown', (words, meant) => {
    const { status, hint } = refused(...words);
    expect([status, hint]).toEqual([2, expect.stringMatching(meant)]);
  });

  it('passes words with a single dash on to a program', () => {
    expect(parsed('encrypt', '--', 'find', '-output')).toMatchObject({ program: ['find', '-output'] });
    expect(parsed('decrypt', '--', '-output')).toMatchObject({ operands: ['-output'] });
    expect(parsed('encrypt', '-obelow', 'a').options.text('output')).toBe('below');
  });

  it.each([
    [['encrypt', '--'], /no command after --/],
    [['encrypt', '--', ''], /an argument is empty/],
    [['encrypt', ''], /an argument is empty/],
    [['decrypt', '-o', ''], /-o needs a value/],
    [['decrypt', '--output='], /--output needs a value/],
    [['decrypt', '--output'], /--output needs a value/],
    [['encrypt', 'a', '--', 'b'], /both a file/],
    [['decrypt', 'a', 'b'], /unexpected argument b/],
    [['recover', '-o', 'x'], /needs an argument/],
    [['encrypt', '--force=yes', 'a'], /--force takes no value/],
    [['encrypt', '-o', 'a', '-o', 'b', 'c'], /-o was given twice/],
    [['encrypt', '-o', '-q', 'a'], /looks like an option/],
    [['encrypt', '--layout', 'loose', 'a'], /invalid value loose/],
    [['encrypt', 'a\ufffd'], /not valid UTF-8/],
    [['help', 'logs', 'wirte', 'x'], /unexpected argument x/],
    [[], /no command given/],
    [['kms'], /kms needs a command/],
    [['logs', 'wirte'], /unknown command logs wirte/],
  ])('%j is refused with status 2', (words, why) => {
    const { status, what } = refused(...words);
    expect([status, what]).toEqual([2, expect.stringMatching(why)]);
  });

  it('takes a value with a dash that is joined to its option', () => {
    expect(parsed('encrypt', '--output=-x', 'a').options.text('output')).toBe('-x');
    expect(parsed('encrypt', '-o-x', 'a').options.text('output')).toBe('-x');
  });

  it('may repeat an option without a value, use - for a name, and leave operands out for --help', () => {
    expect(parsed('encrypt', '-q', '-q', '-o', '-', '-').operands).toEqual(['-']);
    expect(parsed('recover', '--help').options.has('help')).toBe(true);
    expect(parsed('encrypt', '-h', '--').program).toEqual([]);
  });

  it('shows no value of a context', () => {
    for (const pair of ['-x=confidential', 'a=confidential\uFFFD']) {
      const { what, hint } = refused('encrypt', '-c', pair, 'a');
      expect(`${what} ${hint}`).not.toContain('confidential');
    }
  });

  it('accepts a text with a dash for --grep', () => {
    expect(parsed('logs', 'cat', 'logs', '--grep', '-force').options.text('grep')).toBe('-force');
  });

  it('is refused for names of properties that every object has', () => {
    expect(refused('__proto__').status).toBe(2);
    expect(refused('encrypt', '--__proto__').status).toBe(2);
    expect(refused('encrypt', '--constructor=x').status).toBe(2);
  });
});

describe('the table of options', () => {
  it('has each option in a command, and no short name twice in one', () => {
    const used = new Set(COMMANDS.flatMap(({ options }): readonly OptionName[] => options));
    expect(
      (Object.keys(OPTIONS) as OptionName[]).filter((name) => !used.has(name) && name !== 'version'),
    ).toEqual([]);
    for (const { name, options } of COMMANDS) {
      const shorts = options.map((option) => optionSpec(option).short).filter(Boolean);
      expect([name, new Set(shorts).size]).toEqual([name, shorts.length]);
    }
  });
});
