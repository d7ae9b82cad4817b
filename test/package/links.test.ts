import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { repositoryRoot } from '../support/repository.js';
import { anchorsOf, brokenLinks, relativeLinks } from './markdown-links.js';

const { files } = inject('installed');

describe('the links in the tarball', () => {
  const pages = files
    .filter((path) => path.endsWith('.md'))
    .map((path) => ({ path, text: readFileSync(join(repositoryRoot, path), 'utf8') }));

  it('are there', () => {
    expect(pages.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/recipes.md', 'docs/errors.md']),
    );
    expect(pages.flatMap(({ text }) => relativeLinks(text)).length).toBeGreaterThan(10);
  });

  it('lead to files of the tarball and to headings in them', () => {
    expect(brokenLinks(pages, files)).toEqual([]);
  });
});

describe('the link guard', () => {
  const files = ['README.md', 'docs/a.md', 'examples/01.mjs'];
  const broken = (readme: string, page = '# A page') =>
    brokenLinks(
      [
        { path: 'README.md', text: readme },
        { path: 'docs/a.md', text: page },
      ],
      files,
    );

  it.each([
    '[a](docs/a.md)',
    '[a](./docs/a.md "its title")',
    '[the page](docs/a.md#a-page)',
    '[a folder](examples/) and [one](examples)',
    '[elsewhere](https://example.com/x.md)',
    'no link: `[a](b.md)`, ``[`a`](b.md)``',
    '```md\n[a](b.md)\n```',
    '<!-- [a](b.md) -->',
    '# Here\n[up](#here)',
  ])('takes %j', (readme) => expect(broken(readme)).toEqual([]));

  it.each([
    ['[a](docs/b.md)', 'README.md: docs/b.md: no such file in the package'],
    ['![a](bench/plot.svg)', 'README.md: bench/plot.svg: no such file in the package'],
    ['[a][1]\n\n[1]: docs/b.md', 'README.md: docs/b.md: no such file in the package'],
    ['[a](docs/a.md#b-page)', 'README.md: docs/a.md#b-page: no such heading'],
    ['[a](#here)\n```\n# Here\n```', 'README.md: #here: no such heading'],
    ['[a](docs/A.md)', 'README.md: docs/A.md: no such file in the package'],
  ])('refuses %j', (readme, why) => expect(broken(readme)).toEqual([why]));

  it('follows links from the page that they stand on', () => {
    expect(broken('# Read me', '[up](../README.md#read-me) [beside](a.md)')).toEqual([]);
    expect(broken('', '[a](docs/a.md)')).toEqual(['docs/a.md: docs/a.md: no such file in the package']);
  });

  it('makes anchors as hosts do', () => {
    const headings =
      '# `await using`\n## What it guarantees, and what not\n## Keys\n### Keys\n# -o, [FILE](x) #';
    expect([...anchorsOf(headings)]).toEqual([
      'await-using',
      'what-it-guarantees-and-what-not',
      'keys',
      'keys-1',
      '-o-file',
    ]);
  });
});
