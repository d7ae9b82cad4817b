import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { repositoryRoot } from '../support/repository.js';

/** Every file below `dist`, as sorted paths from the root with `/`. */
export function builtFiles(): string[] {
  const dist = join(repositoryRoot, 'dist');
  if (!existsSync(dist)) throw new Error('not built: there is no dist (npm run build)');
  return readdirSync(dist, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(repositoryRoot, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}
