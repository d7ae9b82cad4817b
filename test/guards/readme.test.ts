import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { toolPath } from '../support/external-tool.js';
import { prerequisite } from '../support/prerequisite.js';
import { projectFiles, repositoryRoot } from '../support/repository.js';
import { runProcess } from '../support/run-process.js';
import { makeTempFolder } from '../support/temp-folder.js';
import { type PlayedAws, playAws } from './played-aws.js';
import { blocksIn, type Place, type ReadmeBlock, readmeBlocks, writtenFiles } from './readme-blocks.js';
import { SHELL, SnippetRunner } from './snippet-runs.js';
import { TYPED_LANGUAGES, typeOffences } from './snippet-types.js';

const path = join(repositoryRoot, 'README.md');
const readme = existsSync(path) ? readFileSync(path, 'utf8') : '';
const blocks = readmeBlocks(readme);
/** The text below a heading of the second level, subsections included. */
const section = (title: string): string =>
  readme.split(/^(?=## )/m).find((text) => text.startsWith(`## ${title}\n`)) ?? '';
const setUp = blocks.find((block) => block.setsUp);
const nameOf = (block: ReadmeBlock) => `line ${block.line} (${block.language})`;

describe('README.md', () => {
  it('is there, and names the two commands', () => {
    expect(readme).toContain('npm ci && npm start');
    expect(readme).toContain('npm ci && npm test');
  });

  it('has snippets that compile against the package', () => {
    const typed = blocksIn(blocks, TYPED_LANGUAGES);
    expect(typed.length).toBeGreaterThan(0);
    expect(typeOffences(typed, writtenFiles(setUp?.code ?? ''))).toEqual([]);
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

  it('has one block that sets up, before all that run', () => {
    expect(blocks.filter((block) => block.setsUp)).toHaveLength(1);
    const first = blocks.find(({ runs }) => runs !== 'nowhere');
    expect(setUp?.line).toBeLessThan(first?.line ?? 0);
  });

  it('has no recipe and no command line that is not run', () => {
    const programs = blocksIn(readmeBlocks(section('Recipes') + section('Command')), [
      ...SHELL,
      ...TYPED_LANGUAGES,
    ]);
    expect(programs.length).toBeGreaterThan(20);
    expect(programs.filter((block) => block.runs === 'nowhere' && !block.setsUp)).toEqual([]);
  });

  it('has shell snippets that are shell', async (context) => {
    prerequisite(context, toolPath('bash') !== undefined, 'bash');
    for (const block of blocksIn(blocks, SHELL)) {
      const { status, stderr } = await runProcess('bash', ['-n'], { input: block.code });
      expect({ at: nameOf(block), status, stderr }).toEqual({ at: nameOf(block), status: 0, stderr: '' });
    }
  });
});

describe('README.md, pasted', () => {
  const running = blocksIn(blocks, [...SHELL, ...TYPED_LANGUAGES]);
  let aws: PlayedAws | undefined;
  beforeEach((context) => prerequisite(context, toolPath('bash') !== undefined, 'bash'));
  afterAll(() => aws?.close());

  async function runsAlone(block: ReadmeBlock, environment?: Readonly<Record<string, string>>) {
    const folder = await makeTempFolder();
    try {
      const runner = new SnippetRunner(folder, environment);
      expect(setUp && (await runner.run(setUp))).toMatchObject({ status: 0 });
      const { status, stderr } = await runner.run(block);
      expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  const marked = (place: Place) =>
    running.filter(({ runs }) => runs === place).map((block) => [nameOf(block), block] as const);

  it.for(marked('here'))('%s runs after nothing but the set-up', async ([, block]) => {
    await runsAlone(block);
  });

  it.for(marked('on AWS'))(
    '%s runs after nothing but the set-up, with a bucket and a key on AWS',
    async ([, block], context) => {
      for (const tool of ['moto_server', 'aws']) prerequisite(context, toolPath(tool) !== undefined, tool);
      aws ??= await playAws();
      await runsAlone(block, aws.environment);
    },
  );
});
