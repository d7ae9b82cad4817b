import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFiles, repositoryRoot } from '../support/repository.js';

/** A page that users or contributors read. */
export interface Page {
  /** From the root, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** Every page of the project: those at its root, but for the changelog, and those under docs. */
export const pages: readonly Page[] = projectFiles()
  .filter((path) => /^(docs\/)?[^/]+\.md$/.test(path) && path !== 'CHANGELOG.md')
  .map((path) => ({ path, text: readFileSync(join(repositoryRoot, path), 'utf8') }));

/** The text below a heading of the second level, subsections included; empty if there is no such heading. */
export function sectionOf({ text }: Page, title: string): string {
  return text.split(/^(?=## )/m).find((part) => part.startsWith(`## ${title}\n`)) ?? '';
}

/** One page. @throws Error if there is none of this path */
export function pageAt(path: string): Page {
  const page = pages.find((other) => other.path === path);
  if (page === undefined) throw new Error(`${path} is not there`);
  return page;
}
