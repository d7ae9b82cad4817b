import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { fileOffences } from '../guards/files.js';
import { installScripts } from '../guards/packages.js';
import { prerequisite } from '../support/prerequisite.js';

const { files, project, offline } = inject('installed');

const root = join(project, 'node_modules', 'sealpipe');

const BUILT = /^dist\/([a-z0-9-]+\.js|types\/.*\.d\.ts)(\.map)?$/;
const SOURCE = /^src\/.*\.ts$/;
const ADDON = /^(dist\/frame-cipher-[a-z0-9]+-[a-z0-9]+\.node(\.json)?|src\/crypto\/native\/[a-z-]+\.[ch])$/;
const REBUILD = /^scripts\/(rebuild-addon|native-build\/[a-z-]+)\.mjs$/;
const EXAMPLE = /^examples\/\d\d-[a-z0-9-]+\.mjs$/;
const DOCUMENTS = [
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'LICENSE',
  'README.md',
  'SECURITY.md',
  'docs/bench.svg',
  'docs/bundlers.md',
  'docs/command.md',
  'docs/errors.md',
  'docs/format.md',
  'docs/keys.md',
  'docs/logs.md',
  'docs/logs-operations.md',
  'docs/performance.md',
  'docs/permissions.md',
  'docs/recipes.md',
  'docs/s3.md',
  'docs/sealed.md',
  'examples/01-files.mjs',
  'examples/main-job.mjs',
  'examples/main-job-speed.mjs',
  'package.json',
  'src/format/FORMAT.md',
  'src/logs/LOGS.md',
];

/** Whether a module has no code of its own, only what another exports: then it has no map either. */
function isDoor(text: string): boolean {
  return text.replace(/^(?:import .*? from ".*?"|export \{[^}]*\});?$/gm, '').trim() === '';
}

describe('the tarball', () => {
  it('carries what a user reads', () => {
    expect(DOCUMENTS.filter((path) => !files.includes(path))).toEqual([]);
  });

  it('carries the built code with its types, maps and sources, the addon with its own, and no test or build state', () => {
    const known = [BUILT, SOURCE, ADDON, REBUILD, EXAMPLE];
    const others = files.filter((path) => !known.some((pattern) => pattern.test(path)));
    expect(others.filter((path) => !DOCUMENTS.includes(path))).toEqual([]);
    expect(files.filter((path) => /\.(test|spec)\.|binding\.gyp|(^|\/)test\//.test(path))).toEqual([]);
  });

  it('has types for every module of the source', () => {
    const sources = files.filter((path) => SOURCE.test(path));
    expect(sources.length).toBeGreaterThan(100);
    const declarations = sources.map((path) => path.replace(/^src\/(.*)\.ts$/, 'dist/types/$1.d.ts'));
    expect(declarations.filter((path) => !files.includes(path))).toEqual([]);
  });

  it('has a map for all that it built, which leads to sources that it carries', async (context) => {
    prerequisite(context, offline === undefined, offline ?? '');
    const mapped = files.filter((path) => BUILT.test(path) && /\.(js|d\.ts)$/.test(path));
    const lost = mapped.map(async (path) => {
      const text = await readFile(join(root, path), 'utf8');
      if (isDoor(text)) return [];
      const [, name = 'no map'] = /\n\/\/# sourceMappingURL=(\S+)\s*$/.exec(text) ?? [];
      const map = posix.join(posix.dirname(path), name);
      if (!files.includes(map)) return [`${path}: ${map}`];
      const { sourceRoot = '', sources } = JSON.parse(await readFile(join(root, map), 'utf8'));
      return (sources as string[])
        .map((source) => posix.join(posix.dirname(map), sourceRoot, source))
        .flatMap((source) => (files.includes(source) ? [] : [`${map}: ${source}`]));
    });
    expect((await Promise.all(lost)).flat()).toEqual([]);
  });

  it('names no machine, and runs nothing when it is installed', async (context) => {
    prerequisite(context, offline === undefined, offline ?? '');
    const texts = files.map(async (path) => ({ path, text: await readFile(join(root, path), 'utf8') }));
    expect(fileOffences(await Promise.all(texts))).toEqual([]);
    expect(installScripts(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')))).toEqual([]);
  });
});
