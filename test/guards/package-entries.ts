import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { repositoryRoot } from '../support/repository.js';

/** One entry of `exports`, as an importer names it. */
export interface PackageEntry {
  /** `sealpipe`, `sealpipe/kms`, … */
  readonly specifier: string;
  /** Paths from the root. */
  readonly types: string;
  readonly default: string;
}

/** What importers can name of one entry. */
export interface PublicNames {
  /** There at run time: functions, classes, constants. */
  readonly values: readonly string[];
  /** There for the compiler alone: interfaces and type aliases. */
  readonly types: readonly string[];
}

/** Entries of `exports` that are anything but `{types, default}`, in that order; `./package.json` alone is a path. */
export function exportsOffences(exports: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(exports).flatMap(([name, target]) => {
    if (name === './package.json') return target === './package.json' ? [] : [`${name} points elsewhere`];
    if (/[*]|internal|\/src\//.test(name)) return [`${name} opens what is internal`];
    const keys = typeof target === 'object' && target !== null ? Object.keys(target).join() : typeof target;
    return keys === 'types,default' ? [] : [`${name} is {${keys}}, not {types,default}`];
  });
}

/** The entries with code, from package.json. */
export function packageEntries(): PackageEntry[] {
  const { exports } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8'));
  return Object.entries<{ types: string; default: string }>(exports)
    .filter(([name]) => name !== './package.json')
    .map(([name, target]) => ({
      specifier: `sealpipe${name.slice(1)}`,
      types: target.types,
      default: target.default,
    }));
}

let declarations: ts.Program | undefined;

/** A program over the declarations of the built entries; made once. */
export function declarationsProgram(): ts.Program {
  declarations ??= makeProgram(packageEntries().map((entry) => join(repositoryRoot, entry.types)));
  return declarations;
}

function makeProgram(files: readonly string[]): ts.Program {
  const missing = files.filter((file) => !existsSync(file));
  if (missing.length > 0) throw new Error(`not built: ${missing.join(', ')} (npm run build)`);
  return ts.createProgram(files, {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    types: ['node'],
    typeRoots: [join(repositoryRoot, 'node_modules/@types')],
    noEmit: true,
  });
}

/** The symbols that a module exports, aliases followed, by the names under which it exports them. */
export function exportedSymbols(program: ts.Program, file: string): Map<string, ts.Symbol> {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${file} is no module`);
  return new Map(
    checker.getExportsOfModule(module).map((symbol) => {
      const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
      return [symbol.name, isAlias ? checker.getAliasedSymbol(symbol) : symbol];
    }),
  );
}

/** The names of {@link exportedSymbols}, those with a value apart from those without. */
export function publicNames(symbols: ReadonlyMap<string, ts.Symbol>): PublicNames {
  const isValue = (name: string) => ((symbols.get(name)?.flags ?? 0) & ts.SymbolFlags.Value) !== 0;
  const names = [...symbols.keys()].sort();
  return { values: names.filter(isValue), types: names.filter((name) => !isValue(name)) };
}
