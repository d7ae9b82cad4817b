import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { projectFiles, repositoryRoot } from '../support/repository.js';
import { type ModuleImport, moduleImports } from './module-imports.js';

/** Sources by their path from `src/`, such as `frames/sealer.ts`. */
export type SourceTree = ReadonlyMap<string, string>;

/** The project's own sources. */
export function readSourceTree(): SourceTree {
  const paths = projectFiles('src').filter((path) => path.endsWith('.ts'));
  return new Map(
    paths.map((path) => [path.slice('src/'.length), readFileSync(join(repositoryRoot, path), 'utf8')]),
  );
}

/** An import with the file it stands in and, when it is relative, the source file it means. */
export interface Arrow extends ModuleImport {
  readonly from: string;
  /** A path from `src/`; undefined for a package or a built-in module. */
  readonly target: string | undefined;
}

const arrows = new WeakMap<SourceTree, readonly Arrow[]>();

/** Every import of every file, read once for each tree. */
export function arrowsOf(tree: SourceTree): readonly Arrow[] {
  const known = arrows.get(tree);
  if (known !== undefined) return known;
  const found = [...tree].flatMap(([from, text]) =>
    moduleImports(from, text).map((one) => ({ ...one, from, target: targetOf(from, one.specifier) })),
  );
  arrows.set(tree, found);
  return found;
}

/** The folder of a file (`frames`), or the file itself at the top (`errors.ts`). */
export function partOf(path: string): string {
  return path.split('/')[0] ?? path;
}

/** The files that are loaded when `entry` is: static imports, types left out. */
export function loadedWith(entry: string, arrows: readonly Arrow[]): Set<string> {
  const reached = new Set([entry]);
  for (const file of reached) {
    for (const arrow of arrows) {
      if (arrow.from === file && arrow.target !== undefined && !arrow.typeOnly && !arrow.dynamic)
        reached.add(arrow.target);
    }
  }
  return reached;
}

/** The source file that a relative specifier means, from `src/`; undefined for a package or a built-in module. */
export function targetOf(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  return posix.normalize(posix.join(posix.dirname(from), specifier)).replace(/\.js$/, '.ts');
}
