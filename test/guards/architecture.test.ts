import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../support/repository.js';
import { FLOORS } from './floor-table.js';
import { tableRows } from './page-tables.js';
import { pageAt } from './pages.js';

const { text } = pageAt('ARCHITECTURE.md');

describe('ARCHITECTURE.md', () => {
  it('names files and folders that exist', () => {
    const named = [...text.matchAll(/`((?:src|test|docs|examples)\/[\w./-]*)`/g)].map(
      ([, path = '']) => path,
    );
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((path) => !existsSync(join(repositoryRoot, path)))).toEqual([]);
  });

  it('has a line for each folder, with its floor', () => {
    const lines = tableRows(text, 'folder').map(([folder, floor]) => [folder, floor]);
    const folders = Object.entries(FLOORS).filter(([part]) => !part.endsWith('.ts'));
    expect(lines).toEqual([
      ['`src/*.ts`', '0'],
      ...folders.map(([folder, floor]) => [`\`src/${folder}/\``, String(floor)]),
    ]);
  });

  it('answers where the five things are that newcomers look for', () => {
    const [, answers = ''] = text.split('## Where is …?');
    const paragraphs = (answers.split('\n## ')[0] ?? '').trim().split('\n\n');
    expect(paragraphs).toHaveLength(5);
    expect(paragraphs.filter((paragraph) => !paragraph.includes('`src/'))).toEqual([]);
  });
});
