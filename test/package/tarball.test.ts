import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { fileOffences } from '../guards/files.js';
import { installScripts } from '../guards/packages.js';
import { prerequisite } from '../support/prerequisite.js';

const { files, project, offline } = inject('installed');

const ADDON = /^dist\/crypto\/native\/frame-cipher-[a-z0-9]+-[a-z0-9]+\.node$/;
const EXAMPLE = /^examples\/\d\d-[a-z-]+\.mjs$/;
const DOCUMENTS = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'SECURITY.md',
  'docs/bench.svg',
  'docs/command.md',
  'docs/errors.md',
  'examples/01-files.mjs',
  'examples/main-job.mjs',
  'package.json',
  'src/format/FORMAT.md',
];

describe('the tarball', () => {
  it('carries what a user reads', () => {
    expect(DOCUMENTS.filter((path) => !files.includes(path))).toEqual([]);
  });

  it('carries the built code, its types and the addon, and no source, test or build state', () => {
    const others = files.filter((path) => !/^dist\/.*\.(js|d\.ts)$/.test(path) && !ADDON.test(path));
    expect(others.filter((path) => !DOCUMENTS.includes(path) && !EXAMPLE.test(path))).toEqual([]);
    expect(files.filter((path) => /\.(test|spec)\.|binding\.gyp|(^|\/)test\//.test(path))).toEqual([]);
  });

  it('has types for every module', () => {
    const modules = files.filter((path) => path.endsWith('.js'));
    expect(modules.length).toBeGreaterThan(10);
    expect(modules.filter((path) => !files.includes(path.replace(/\.js$/, '.d.ts')))).toEqual([]);
  });

  it('names no machine, and runs nothing when it is installed', async (context) => {
    prerequisite(context, offline === undefined, offline ?? '');
    const root = join(project, 'node_modules', 'sealpipe');
    const texts = files.map(async (path) => ({ path, text: await readFile(join(root, path), 'utf8') }));
    expect(fileOffences(await Promise.all(texts))).toEqual([]);
    expect(installScripts(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')))).toEqual([]);
  });
});
