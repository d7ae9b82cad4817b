import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../support/repository.js';
import { undocumented } from './docstrings.js';
import { declarationsProgram, exportedSymbols, packageEntries } from './package-entries.js';
import { sampleExports } from './sample-program.js';

const entries = packageEntries();
const program = declarationsProgram();

describe('what the package exports', () => {
  it.each(entries)('has a docstring throughout $specifier, members included', ({ types }) => {
    const symbols = exportedSymbols(program, join(repositoryRoot, types));
    expect(undocumented(symbols, program.getTypeChecker(), /\/dist\//)).toEqual([]);
  });
});

describe('the docstring guard', () => {
  const check = (text: string) => {
    const { symbols, checker } = sampleExports(text);
    return undocumented(symbols, checker, /sample/);
  };

  it.each([
    ['export function bare() {}', ['bare']],
    ['export interface Bare {}', ['Bare']],
    ['/** */ export const empty = 1;', ['empty']],
    ['/** Options. */ export interface SomeOptions {\n/** Said. */ a: 1; b: 2 }', ['SomeOptions.b']],
    ['/** A thing. */ export interface Thing { a: 1;\n/** Said. */ b: 2 }', ['Thing.a']],
    [
      'interface Base { a: 1 }\n/** Options. */ export type SomeOptions = Base & { b: 2 };',
      ['SomeOptions.a', 'SomeOptions.b'],
    ],
  ])('finds in %s', (text, names) => expect(check(text)).toEqual(names));

  it('takes members that the docstring of their type names', () => {
    expect(
      check(
        'interface Base { a: 1 }\n/** Options: `a` and `b`. */\nexport type SomeOptions = Base & { b: 2 };',
      ),
    ).toEqual([]);
  });

  it('takes what is documented', () =>
    expect(check('/** Does it. */ export function told() {}')).toEqual([]));
});
