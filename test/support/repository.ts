import { existsSync, readdirSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout's root folder. */
export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

const NOT_OURS = new Set([
  'node_modules',
  'dist',
  '.git',
  'coverage',
  '.npm-cache',
  '.ci/nodes',
  'docs/api',
  'bench/results',
]);

/** Every file of the project below `folder`, as sorted paths from the root with `/`; no dependency, nothing built. */
export function projectFiles(folder = ''): string[] {
  return filesBelow(repositoryRoot, folder)
    .filter((path) => !/\.(tgz|tsbuildinfo)$/.test(path))
    .sort();
}

function filesBelow(root: string, folder: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (NOT_OURS.has(path) || NOT_OURS.has(entry.name)) continue;
    if (entry.isDirectory()) found.push(...filesBelow(root, path));
    else if (entry.isFile()) found.push(path);
  }
  return found;
}

/** A path of the shared folder beside the checkout, or undefined where it is not there. */
export function sharedPath(name: string): string | undefined {
  const path = resolve(repositoryRoot, '..', 'shared', name);
  return existsSync(path) ? path : undefined;
}

/** `path` as the guards write it: from the root, with `/`. */
export function fromRoot(path: string): string {
  return relative(repositoryRoot, path).split(sep).join('/');
}
