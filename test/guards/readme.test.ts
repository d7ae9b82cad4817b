import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../support/repository.js';
import { pages } from './pages.js';

/** A map, and no manual: what is longer belongs on a page under docs. */
const MOST_LINES = 300;

const readme = readFileSync(join(repositoryRoot, 'README.md'), 'utf8');

describe('README.md', () => {
  it('names the two commands', () => {
    expect(readme).toContain('npm ci && npm start');
    expect(readme).toContain('npm ci && npm test');
  });

  it('is short', () => {
    expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(MOST_LINES);
  });

  it('leads to every other page', () => {
    const others = pages.map(({ path }) => path).filter((path) => path !== 'README.md');
    expect(others.length).toBeGreaterThan(5);
    expect(others.filter((path) => !readme.includes(`](${path})`) && !readme.includes(`](${path}#`))).toEqual(
      [],
    );
  });
});
