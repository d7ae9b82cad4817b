import { readFileSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { toolPath } from '../support/external-tool.js';
import { prerequisite } from '../support/prerequisite.js';
import { projectFiles, repositoryRoot } from '../support/repository.js';
import { runProcess } from '../support/run-process.js';
import { sampled } from '../support/sample.js';
import { makeTempFolder } from '../support/temp-folder.js';
import { blocksIn, blocksOf, type PageBlock, type Place, writtenFiles } from './page-blocks.js';
import { pageAt, pages, sectionOf } from './pages.js';
import { type PlayedAws, playAws } from './played-aws.js';
import { installHere, SHELL, SnippetRunner } from './snippet-runs.js';
import { TYPED_LANGUAGES, typeOffences } from './snippet-types.js';

const PROGRAMS = [...SHELL, ...TYPED_LANGUAGES];

const blocks = pages.flatMap(({ path, text }) => blocksOf(path, text));
const setUp = blocks.find((block) => block.setsUp);
const nameOf = (block: PageBlock) => `${block.page}:${block.line} (${block.language})`;
const cookbook = ['recipes', 'keys', 'sealed', 's3', 'logs', 'logs-operations'].map((name) =>
  pageAt(`docs/${name}.md`),
);
const linkedExamples = (text: string) =>
  [...text.matchAll(/\]\(\.\.\/examples\/(\d\d-[\w-]+\.mjs)\)/g)].map(([, name]) => name);

describe('the pages', () => {
  it('have snippets that compile against the package', () => {
    const typed = blocksIn(blocks, TYPED_LANGUAGES);
    expect(typed.length).toBeGreaterThan(15);
    expect(typeOffences(typed, writtenFiles(setUp?.code ?? ''))).toEqual([]);
  });

  it('have shell snippets that are shell', async (context) => {
    prerequisite(context, toolPath('bash') !== undefined, 'bash');
    for (const block of blocksIn(blocks, SHELL)) {
      const { status, stderr } = await runProcess('bash', ['-n'], { input: block.code });
      expect({ at: nameOf(block), status, stderr }).toEqual({ at: nameOf(block), status: 0, stderr: '' });
    }
  });

  it('have one block that sets up, in README.md and before all that run there', () => {
    expect(blocks.filter((block) => block.setsUp)).toEqual([setUp]);
    expect(setUp?.page).toBe('README.md');
    const first = blocks.find(({ page, runs }) => page === 'README.md' && runs !== 'nowhere');
    expect(setUp?.line).toBeLessThan(first?.line ?? 0);
  });

  it('name no script that package.json does not have', () => {
    const { scripts } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8'));
    const named = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name = '']) => ({ path, name })),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter(({ name }) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it('have an example for each recipe, and a recipe for each example', () => {
    const recipes = cookbook.flatMap(({ path, text }) => {
      const [, ...sections] = text.split(/^## /m);
      return sections.filter((section) => blocksIn(blocksOf(path, section), TYPED_LANGUAGES).length > 0);
    });
    expect(recipes.length).toBeGreaterThan(15);
    const bare = recipes.filter((recipe) => linkedExamples(recipe).length === 0);
    expect(bare.map((recipe) => recipe.split('\n')[0])).toEqual([]);
    const numbered = projectFiles('examples')
      .map((file) => file.slice('examples/'.length))
      .filter((name) => /^\d\d/.test(name));
    expect(numbered.filter((name) => !recipes.flatMap(linkedExamples).includes(name))).toEqual([]);
  });

  it('have no recipe and no command line of the README that is not run', () => {
    const command = blocksOf('README.md', sectionOf(pageAt('README.md'), 'The command'));
    const written = [...command, ...cookbook.flatMap(({ path, text }) => blocksOf(path, text))];
    const programs = blocksIn(written, PROGRAMS);
    expect(programs.length).toBeGreaterThan(20);
    expect(programs.filter((block) => block.runs === 'nowhere').map(nameOf)).toEqual([]);
  });
});

describe('a page, pasted', () => {
  const running = blocksIn(blocks, PROGRAMS);
  let aws: PlayedAws | undefined;
  let ready: Promise<string> | undefined;
  beforeEach((context) => prerequisite(context, toolPath('bash') !== undefined, 'bash'));
  afterAll(async () => {
    await aws?.close();
    if (ready !== undefined) await rm(await ready, { recursive: true, force: true });
  });

  /** A folder in which the set-up was run, once for all blocks: each block runs in a copy. */
  async function setUpOnce(): Promise<string> {
    const folder = await makeTempFolder();
    installHere(folder);
    expect(setUp && (await new SnippetRunner(folder).run(setUp))).toMatchObject({ status: 0 });
    return folder;
  }

  async function runsAlone(block: PageBlock, environment?: Readonly<Record<string, string>>) {
    ready ??= setUpOnce();
    const folder = await makeTempFolder();
    try {
      await cp(await ready, folder, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
      const { status, stdout, stderr } = await new SnippetRunner(folder, environment).run(block);
      const said = status === 0 ? '' : `${stdout}${stderr}`;
      expect({ status, said }).toEqual({ status: 0, said: '' });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** The blocks that are marked to run in a place, or a sample of them: each starts several programs. */
  const marked = (place: Place, most: number) => {
    const blocksThere = running.filter(({ runs }) => runs === place);
    return sampled(blocksThere, most, `blocks run ${place}`).map((block) => [nameOf(block), block] as const);
  };

  it.for(marked('here', 16))('%s runs after nothing but the set-up', async ([, block]) => {
    await runsAlone(block);
  });

  it.for(marked('on AWS', 6))(
    '%s runs after nothing but the set-up, with a bucket and a key on AWS',
    async ([, block], context) => {
      for (const tool of ['moto_server', 'aws']) prerequisite(context, toolPath(tool) !== undefined, tool);
      aws ??= await playAws();
      await aws.empty();
      await runsAlone(block, aws.environment);
    },
  );
});
