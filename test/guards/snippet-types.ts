import { join } from 'node:path';
import ts from 'typescript';
import { repositoryRoot } from '../support/repository.js';
import type { PageBlock } from './page-blocks.js';

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

/**
 * What the compiler says of blocks, as files beside package.json: `sealpipe` is the package's own built types.
 *
 * @param others files that the blocks import, by name
 */
export function typeOffences(
  all: readonly PageBlock[],
  others: ReadonlyMap<string, string> = new Map(),
): string[] {
  const files = new Map(
    all.map((block, index) => [
      join(repositoryRoot, `page-${index}${EXTENSION[block.language] ?? '.mts'}`),
      block,
    ]),
  );
  const texts = new Map([...files].map(([name, block]) => [name, moduleText(block)]));
  for (const [name, text] of others) texts.set(join(repositoryRoot, name), text);
  const program = programOf(files.keys(), texts);
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ');
    const block = files.get(diagnostic.file?.fileName ?? '');
    if (diagnostic.file === undefined || block === undefined) return message;
    const { line } = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
    return `${block.page}:${block.line + line} ${message}`;
  });
}

/**
 * A program in which `sealpipe` is the package's own built types.
 *
 * @param roots the files that it begins with
 * @param texts what files hold that are not on the disk, by name
 */
export function programOf(roots: Iterable<string>, texts: ReadonlyMap<string, string>): ts.Program {
  const host = ts.createCompilerHost(OPTIONS);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => texts.has(name) || fileExists(name);
  host.readFile = (name) => texts.get(name) ?? readFile(name);
  host.getSourceFile = (name, target, ...rest) => {
    const text = texts.get(name);
    if (text !== undefined) return ts.createSourceFile(name, text, target, true);
    if (!libraries.has(name)) libraries.set(name, getSourceFile(name, target, ...rest));
    return libraries.get(name);
  };
  return ts.createProgram([...roots], OPTIONS, host);
}

/** A TypeScript or JavaScript block as a program for the oldest Node. */
export function runnable(block: PageBlock): string {
  if (block.language === 'cjs') return block.code;
  const compilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    verbatimModuleSyntax: true,
  };
  return ts.transpileModule(block.code, { compilerOptions }).outputText;
}

/** Every block is a module of its own: two may declare the same names, and each may wait at its top level. */
function moduleText({ language, code }: PageBlock): string {
  return language === 'cjs' ? code : `${code}\nexport {};`;
}
