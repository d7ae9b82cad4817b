import { join } from 'node:path';
import ts from 'typescript';
import { repositoryRoot } from '../support/repository.js';
import type { Snippet } from './readme-blocks.js';

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: ['node'],
  typeRoots: [join(repositoryRoot, 'node_modules/@types')],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  allowJs: true,
  checkJs: true,
  noEmit: true,
  skipLibCheck: true,
};

const EXTENSION: Readonly<Record<string, string>> = {
  ts: '.mts',
  typescript: '.mts',
  js: '.mjs',
  javascript: '.mjs',
  cjs: '.cjs',
};

/** The languages that are checked here. */
export const TYPED_LANGUAGES = Object.keys(EXTENSION);

/** Parsed once for all programs. */
const libraries = new Map<string, ts.SourceFile | undefined>();

/** What the compiler says of the snippets, as files beside package.json: `sealpipe` is the package's own built types. */
export function typeOffences(all: readonly Snippet[]): string[] {
  const files = new Map(
    all.map((snippet, index) => [
      join(repositoryRoot, `README-${index}${EXTENSION[snippet.language] ?? '.mts'}`),
      snippet,
    ]),
  );
  const host = ts.createCompilerHost(OPTIONS);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => textOf(files.get(name)) ?? readFile(name);
  host.getSourceFile = (name, target, ...rest) => {
    const text = textOf(files.get(name));
    if (text !== undefined) return ts.createSourceFile(name, text, target, true);
    if (!libraries.has(name)) libraries.set(name, getSourceFile(name, target, ...rest));
    return libraries.get(name);
  };
  const program = ts.createProgram([...files.keys()], OPTIONS, host);
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ');
    const snippet = files.get(diagnostic.file?.fileName ?? '');
    if (diagnostic.file === undefined || snippet === undefined) return message;
    const { line } = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
    return `README.md:${snippet.lines[line] || 'given'} ${message}`;
  });
}

/** A TypeScript or JavaScript snippet as a program for the oldest Node. */
export function runnable(snippet: Snippet): string {
  if (snippet.language === 'cjs') return snippet.code;
  const compilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    verbatimModuleSyntax: true,
  };
  return ts.transpileModule(snippet.code, { compilerOptions }).outputText;
}

/** Every snippet is a module of its own: two may declare the same names, and each may wait at its top level. */
function textOf(snippet: Snippet | undefined): string | undefined {
  if (snippet === undefined || snippet.language === 'cjs') return snippet?.code;
  return `${snippet.code}\nexport {};`;
}
