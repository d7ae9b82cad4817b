import { describe, expect, it } from 'vitest';
import { tempFolder } from '../support/temp-folder.js';
import { readmeBlocks, snippets } from './readme-blocks.js';
import { SnippetRunner } from './snippet-runs.js';
import { typeOffences } from './snippet-types.js';

const fenced = (language: string, code: string, above = '') =>
  `${above}\n\`\`\`${language}\n${code}\n\`\`\`\n`;
const offences = (markdown: string) => typeOffences(snippets(readmeBlocks(markdown), ['ts', 'js', 'cjs']));

describe('the README guard', () => {
  it('finds a type error and names its line', () => {
    expect(offences(`# Title\n${fenced('ts', 'const a = 1;\nconst b: string = a;')}`)).toEqual([
      "README.md:5 Type 'number' is not assignable to type 'string'.",
    ]);
  });

  it('finds one in JavaScript', () => {
    expect(offences(fenced('js', 'Math.half(1);'))).toEqual([
      expect.stringContaining("'half' does not exist"),
    ]);
  });

  it('knows the package by its own name', () => {
    expect(offences(fenced('ts', "import { nothingOfTheKind } from 'sealpipe';"))).toEqual([
      expect.stringContaining("no exported member 'nothingOfTheKind'"),
    ]);
    expect(offences(fenced('js', "import 'sealpipe/dist/index.js';"))).toEqual([
      expect.stringContaining('sealpipe/dist/index.js'),
    ]);
  });

  it('gives each block a scope and a top-level await of its own', () => {
    const block = fenced('ts', 'const a = await Promise.resolve(1);\nvoid a;');
    expect(offences(block + block)).toEqual([]);
  });

  it('joins what continues, and puts first what is given', () => {
    const first = fenced('ts', 'const a = b + 1;', '<!-- given\ndeclare const b: number;\n-->\n');
    expect(offences(first + fenced('ts', 'a.toFixed();', '<!-- continues -->'))).toEqual([]);
    expect(offences(first + fenced('ts', 'a.toFixed();'))).toEqual([
      expect.stringContaining("Cannot find name 'a'"),
    ]);
    expect(() => snippets(readmeBlocks(fenced('ts', 'a;', '<!-- continues -->')), ['ts'])).toThrow(
      'continues nothing',
    );
  });

  it('forgets a comment once text follows it', () => {
    expect(readmeBlocks(`<!-- run -->\nText.\n${fenced('sh', 'true')}`)[0]?.run).toBe(false);
    expect(readmeBlocks(fenced('sh', 'true', '<!-- run -->\n'))[0]?.run).toBe(true);
  });

  it('refuses a block that never ends', () => {
    expect(() => readmeBlocks('text\n```ts\nconst a = 1;')).toThrow('line 2 opens a block that never ends');
  });

  it('runs what is marked, and sees it fail', async () => {
    const runner = new SnippetRunner(await tempFolder());
    const [write, read, fail] = snippets(
      readmeBlocks(
        fenced('ts', "import { writeFileSync } from 'node:fs';\nwriteFileSync('a.txt', 'hello' as string);") +
          fenced('sh', 'grep -q hello a.txt') +
          fenced('sh', 'grep -q missing a.txt | cat'),
      ),
      ['ts', 'sh'],
    );
    expect(write && (await runner.script(write))).toMatchObject({ status: 0 });
    expect(read && (await runner.shell(read))).toMatchObject({ status: 0 });
    expect(fail && (await runner.shell(fail))).toMatchObject({ status: 1 });
  });
});
