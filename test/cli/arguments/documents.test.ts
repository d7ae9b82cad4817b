import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../src/cli/arguments/command-line.js';
import { COMMANDS } from '../../../src/cli/arguments/commands.js';
import { commandHelp } from '../../../src/cli/arguments/help.js';
import { OPTIONS, type OptionName, optionSpec } from '../../../src/cli/arguments/options.js';
import { repositoryRoot } from '../../support/repository.js';

const page = readFileSync(join(repositoryRoot, 'docs/command.md'), 'utf8');
const optionNames = Object.keys(OPTIONS) as OptionName[];

/** The words of a simple command line; what the shell would do with the rest is not our concern. */
function words(line: string): string[] | undefined {
  const own = line.split(' | ').find((part) => part.startsWith('sealpipe '));
  return own
    ?.replace(/ > .*$/, '')
    .split(' ')
    .slice(1);
}

describe('docs/command.md', () => {
  it.each(optionNames)('has a section for --%s', (name) => {
    const { short, value } = optionSpec(name);
    const spelled = `\`--${name}${value === undefined ? '' : ` ${value}`}\``;
    const heading = page.split('\n').find((line) => line.startsWith('### ') && line.includes(spelled));
    expect(heading).toContain(short === undefined ? '' : `\`-${short}\``);
  });

  it.each(COMMANDS.map(({ name }) => name))('tells of %s', (name) => expect(page).toContain(`\`${name}`));

  it('has no option that is not there', () => {
    const named = [...page.matchAll(/`--([a-z-]+)/g)].map(([, name]) => name);
    expect(named.filter((name) => name !== '' && !optionNames.some((known) => known === name))).toEqual([]);
  });
});

describe('the examples', () => {
  const inHelp = COMMANDS.flatMap((command) => command.examples.map(([, line]) => line));
  const inPage = page
    .split('\n')
    .filter((line) => /^(sealpipe (encrypt|decrypt) [^[]|.*\| sealpipe )/.test(line));
  const lines = [...inHelp, ...inPage].filter((line) => words(line) !== undefined);

  it('are there', () => expect([inHelp.length > 15, inPage.length > 3]).toEqual([true, true]));

  it.each(lines)('%s is a command line', (line) => {
    expect(() => parseCommandLine(words(line)!)).not.toThrow();
  });
});

describe('the help', () => {
  it.each(COMMANDS.map((command) => [command.name, commandHelp(command)]))(
    'of %s fits a terminal',
    (_, help) => {
      expect(help.split('\n').filter((line) => line.length > 110)).toEqual([]);
    },
  );
});
