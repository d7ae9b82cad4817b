import { describe, expect, it } from 'vitest';
import { tempFolder } from '../support/temp-folder.js';
import { blocksIn, blocksOf, writtenFiles } from './page-blocks.js';
import { SnippetRunner } from './snippet-runs.js';
import { typeOffences } from './snippet-types.js';

const fenced = (language: string, code: string, above = '') =>
  `${above}\n\`\`\`${language}\n${code}\n\`\`\`\n`;
const pageBlocks = (markdown: string) => blocksOf('docs/a.md', markdown);
const offences = (markdown: string) => typeOffences(blocksIn(pageBlocks(markdown), ['ts', 'js', 'cjs']));

describe('the guard of the pages', () => {
  it('finds a type error and names its line', () => {
    expect(offences(`# Title\n${fenced('ts', 'const a = 1;\nconst b: string = a;')}`)).toEqual([
      "docs/a.md:5 Type 'number' is not assignable to type 'string'.",
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

  it('knows the files that the set-up writes, and no others', () => {
    const [setUp] = pageBlocks(
      fenced('sh', "cat > a.mjs <<'END'\nexport const a = 1;\nEND\ntrue", '<!-- set up -->\n'),
    );
    expect(setUp).toMatchObject({ setsUp: true, runs: 'nowhere' });
    const written = writtenFiles(setUp?.code ?? '');
    const [good, wrong, lost] = [
      "import { a } from './a.mjs';\na.toFixed();",
      "import { b } from './a.mjs';",
      "import './b.mjs';",
    ].map((code) => typeOffences(pageBlocks(fenced('js', code)), written));
    expect(good).toEqual([]);
    expect(wrong).toEqual([expect.stringContaining("no exported member 'b'")]);
    expect(lost).toEqual([expect.stringContaining('b.mjs')]);
  });

  it('forgets a comment once text follows it', () => {
    expect(pageBlocks(`<!-- run -->\nText.\n${fenced('sh', 'true')}`)[0]?.runs).toBe('nowhere');
    expect(pageBlocks(fenced('sh', 'true', '<!-- run -->\n'))[0]?.runs).toBe('here');
    expect(pageBlocks(fenced('sh', 'true', '<!-- run on AWS -->\n'))[0]?.runs).toBe('on AWS');
  });

  it('refuses a block that never ends', () => {
    expect(() => pageBlocks('text\n```ts\nconst a = 1;')).toThrow(
      'docs/a.md:2 opens a block that never ends',
    );
  });

  it('runs what is marked, and sees it fail', async () => {
    const runner = new SnippetRunner(await tempFolder());
    const [write, read, fail] = pageBlocks(
      fenced('ts', "import { writeFileSync } from 'node:fs';\nwriteFileSync('a.txt', 'hello' as string);") +
        fenced('sh', 'grep -q hello a.txt') +
        fenced('sh', 'grep -q missing a.txt | cat'),
    );
    expect(write && (await runner.run(write))).toMatchObject({ status: 0 });
    expect(read && (await runner.run(read))).toMatchObject({ status: 0 });
    expect(fail && (await runner.run(fail))).toMatchObject({ status: 1 });
  });
});
