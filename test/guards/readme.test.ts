import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toolPath } from '../support/external-tool.js';
import { prerequisite } from '../support/prerequisite.js';
import { projectFiles, repositoryRoot } from '../support/repository.js';
import { runProcess } from '../support/run-process.js';
import { makeTempFolder } from '../support/temp-folder.js';
import { readmeBlocks, type Snippet, snippets } from './readme-blocks.js';
import { SnippetRunner } from './snippet-runs.js';
import { TYPED_LANGUAGES, typeOffences } from './snippet-types.js';

const path = join(repositoryRoot, 'README.md');
const readme = existsSync(path) ? readFileSync(path, 'utf8') : '';
const blocks = readmeBlocks(readme);
/** The text below a heading of the second level, subsections included. */
const section = (title: string): string =>
  readme.split(/^(?=## )/m).find((text) => text.startsWith(`## ${title}\n`)) ?? '';
const SHELL = ['sh', 'bash', 'shell'];
const nameOf = (snippet: Snippet) => `line ${snippet.lines.find((line) => line > 0)} (${snippet.language})`;

describe('README.md', () => {
  it('is there, and names the two commands', () => {
    expect(readme).toContain('npm ci && npm start');
    expect(readme).toContain('npm ci && npm test');
  });

  it('has snippets that compile against the package', () => {
    const typed = snippets(blocks, TYPED_LANGUAGES);
    expect(typed.length).toBeGreaterThan(0);
    expect(typeOffences(typed)).toEqual([]);
  });

  it('has an example for each recipe', () => {
    const [, , ...recipes] = section('Recipes').split(/^###? /m);
    const linked = (text: string) =>
      [...text.matchAll(/\]\(examples\/(\d\d-[\w-]+\.mjs)\)/g)].map(([, name]) => name);
    expect(recipes.length).toBeGreaterThan(10);
    expect(
      recipes.filter((recipe) => linked(recipe).length === 0).map((recipe) => recipe.split('\n')[0]),
    ).toEqual([]);
    const numbered = projectFiles('examples')
      .map((file) => file.slice('examples/'.length))
      .filter((name) => /^\d\d/.test(name));
    expect(numbered.filter((name) => !linked(section('Recipes')).includes(name))).toEqual([]);
  });

  it('hides nothing of its programs but `keys`, of which the text tells', () => {
    const given = blocks.map((block) => block.given).join('\n');
    const names = [...given.matchAll(/^\s*(?:import|const|let|function|class)\b\W*(\w+)/gm)].map(
      ([, name]) => name,
    );
    expect([...new Set(names)]).toEqual(['keys']);
  });

  it('has shell snippets that are shell', async (context) => {
    prerequisite(context, toolPath('bash') !== undefined, 'bash');
    for (const snippet of snippets(blocks, SHELL)) {
      const { status, stderr } = await runProcess('bash', ['-n'], { input: snippet.code });
      expect({ at: nameOf(snippet), status, stderr }).toEqual({ at: nameOf(snippet), status: 0, stderr: '' });
    }
  });
});

describe('README.md, where it says that it runs', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await makeTempFolder();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('does', async (context) => {
    prerequisite(context, toolPath('bash') !== undefined, 'bash');
    const runner = new SnippetRunner(folder);
    for (const snippet of snippets(blocks, [...SHELL, ...TYPED_LANGUAGES]).filter(({ run }) => run)) {
      const { status, stderr } = await (SHELL.includes(snippet.language)
        ? runner.shell(snippet)
        : runner.script(snippet));
      expect({ at: nameOf(snippet), status, stderr: status === 0 ? '' : stderr }).toEqual({
        at: nameOf(snippet),
        status: 0,
        stderr: '',
      });
    }
  });
});
