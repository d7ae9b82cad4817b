import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { repositoryRoot } from '../support/repository.js';
import { declarationsProgram, exportedSymbols, packageEntries } from './package-entries.js';

/** Where the report is checked in. */
export const API_REPORT = join(repositoryRoot, 'test/guards/public-api.txt');

const printer = ts.createPrinter({ removeComments: true });

/** Every exported name of every entry with its declaration, as text: what a change to the surface shows up in. */
export function apiReport(): string {
  const program = declarationsProgram();
  const sections = packageEntries().map(({ specifier, types }) => {
    const symbols = exportedSymbols(program, join(repositoryRoot, types));
    const names = [...symbols].sort(([a], [b]) => (a < b ? -1 : 1));
    return [`# ${specifier}`, ...names.map(([name, symbol]) => `## ${name}\n${declared(symbol)}`)].join(
      '\n\n',
    );
  });
  return `${sections.join('\n\n')}\n`;
}

function declared(symbol: ts.Symbol): string {
  const declarations = symbol.declarations ?? [];
  return declarations.map((declaration) => printed(declaration)).join('\n');
}

function printed(declaration: ts.Declaration): string {
  const file = declaration.getSourceFile();
  if (!isOurs(file)) return `(from ${file.fileName.replace(/^.*\/node_modules\//, '')})`;
  const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  const text = printer.printNode(ts.EmitHint.Unspecified, node, file);
  return text.replace(/^export (declare )?/, '');
}

function isOurs(file: ts.SourceFile): boolean {
  return !relative(repositoryRoot, dirname(file.fileName)).includes('node_modules');
}
