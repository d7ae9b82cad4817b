import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import ts from 'typescript';
import { projectFiles, repositoryRoot } from '../../support/repository.js';

/**
 * Parts of `src/` as JavaScript, by path, for a process of their own. Imports among them name the files with `+` for
 * `/`, so that all can lie in one folder.
 */
export function transpiled(parts: readonly string[]): ReadonlyMap<string, string> {
  const wanted = parts.flatMap((part) =>
    part.endsWith('.ts') ? [part] : projectFiles(`src/${part}`).map((path) => path.slice('src/'.length)),
  );
  const sources = wanted.filter((path) => path.endsWith('.ts'));
  return new Map(sources.map((path) => [path.replace(/\.ts$/, '.js'), javascriptOf(path)]));
}

function javascriptOf(path: string): string {
  const { outputText } = ts.transpileModule(readFileSync(`${repositoryRoot}/src/${path}`, 'utf8'), {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
      verbatimModuleSyntax: true,
    },
  });
  return outputText.replace(
    /(from\s+')(\.[^']+)'/g,
    (_, from: string, target: string) =>
      `${from}./${posix.join(posix.dirname(path), target).replaceAll('/', '+')}'`,
  );
}
