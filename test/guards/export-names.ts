import ts from 'typescript';
import { parse } from './module-imports.js';
import { partOf, type SourceTree, targetOf } from './source-tree.js';

/** Parts that may repeat names of the others: they play an outside party. Within such a part, names are unique as well. */
const SCOPES_OF_THEIR_OWN = new Set(['local-kms']);

/** Modules that take the place of others (`imports` in package.json), and so export the same names. */
const STAND_INS: ReadonlyMap<string, string> = new Map([
  ['crypto/noble/static.ts', 'crypto/noble/on-demand.ts'],
]);

/**
 * Every name that stands for different things in different files. A file may pass on what another declares: the name
 * keeps its meaning.
 */
export function nameOffences(tree: SourceTree): string[] {
  const exported = [...tree].flatMap(([path, text]) => exportsOf(path, text));
  const passedOn = new Map(exported.map((one) => [`${one.path} ${one.name}`, one.origin]));
  const meanings = new Map<string, Map<string, string>>();
  for (const one of exported) {
    const part = partOf(one.path);
    const key = `${SCOPES_OF_THEIR_OWN.has(part) ? part : ''} ${one.name}`;
    const known = meanings.get(key) ?? new Map<string, string>();
    const origin = declarationOf(one.origin, passedOn);
    if (!known.has(origin)) known.set(origin, `src/${one.path}:${one.line}`);
    meanings.set(key, known);
  }
  return [...meanings]
    .filter(([, known]) => known.size > 1)
    .map(([key, known]) => `${key.split(' ')[1]} has several meanings: ${[...known.values()].join(', ')}`);
}

interface ExportedName {
  readonly path: string;
  readonly line: number;
  readonly name: string;
  /** The file and the name there that it comes from, as `file name`: this file itself, or one that it imports. */
  readonly origin: string;
}

/** Follows a name from file to file to where it is declared, as long as it keeps its name. */
function declarationOf(origin: string, passedOn: ReadonlyMap<string, string>): string {
  const next = passedOn.get(origin);
  return next === undefined || next === origin ? origin : declarationOf(next, passedOn);
}

function exportsOf(path: string, text: string): ExportedName[] {
  const source = parse(path, text);
  const imports = importsOf(path, source);
  const found: ExportedName[] = [];
  const add = (at: ts.Node, name: string, origin = `${STAND_INS.get(path) ?? path} ${name}`) => {
    const line = source.getLineAndCharacterOfPosition(at.getStart(source)).line + 1;
    found.push({ path, line, name, origin });
  };
  for (const statement of source.statements) {
    if (!ts.isExportDeclaration(statement)) {
      for (const name of exportedDeclarations(statement)) add(name, name.text);
      continue;
    }
    const { exportClause: clause, moduleSpecifier: specifier } = statement;
    if (clause === undefined) continue;
    if (ts.isNamespaceExport(clause)) add(clause, clause.name.text);
    else {
      for (const { name, propertyName } of clause.elements) {
        const given = (propertyName ?? name).text;
        const origin = specifier === undefined ? imports.get(given) : originOf(path, specifier, given);
        // What is passed on under another name is a meaning of that name here.
        add(name, name.text, origin?.endsWith(` ${name.text}`) ? origin : undefined);
      }
    }
  }
  return found;
}

/** What a file imports by name: the local name, and where it comes from. */
function importsOf(path: string, source: ts.SourceFile): Map<string, string> {
  const found = new Map<string, string>();
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement)) continue;
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
    for (const { name, propertyName } of bindings.elements)
      found.set(name.text, originOf(path, statement.moduleSpecifier, (propertyName ?? name).text));
  }
  return found;
}

function originOf(path: string, specifier: ts.Expression, name: string): string {
  const text = ts.isStringLiteral(specifier) ? specifier.text : '';
  return `${targetOf(path, text) ?? text} ${name}`;
}

/** The names that a statement declares and exports. */
function exportedDeclarations(statement: ts.Statement): ts.Identifier[] {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  if (!modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => boundNames(name));
  const { name } = statement as ts.DeclarationStatement;
  return name !== undefined && ts.isIdentifier(name) ? [name] : [];
}

function boundNames(name: ts.BindingName): ts.Identifier[] {
  if (ts.isIdentifier(name)) return [name];
  return name.elements.flatMap((element) =>
    ts.isOmittedExpression(element) ? [] : boundNames(element.name),
  );
}
