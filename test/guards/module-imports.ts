import ts from 'typescript';

/** One place where a module names another. */
export interface ModuleImport {
  readonly specifier: string;
  readonly line: number;
  /** Erased when the file is built: `import type`. (`import { type T }` still loads the module.) */
  readonly typeOnly: boolean;
  /** `import()`, run only when it is reached. */
  readonly dynamic: boolean;
}

/** Stands for the specifier of an `import()` whose argument is not a literal. */
export const UNREADABLE = '(not a literal)';

/** Every import of one TypeScript source: static, re-exported, type-only, `import('x').T`, `import()` and `require()`. */
export function moduleImports(fileName: string, text: string): ModuleImport[] {
  const source = parse(fileName, text);
  const found: ModuleImport[] = [];
  const add = (
    at: ts.Node,
    specifier: ts.Node | undefined,
    kind: { typeOnly?: boolean; dynamic?: boolean },
  ) =>
    found.push({
      specifier: specifier !== undefined && ts.isStringLiteralLike(specifier) ? specifier.text : UNREADABLE,
      line: source.getLineAndCharacterOfPosition(at.getStart(source)).line + 1,
      typeOnly: kind.typeOnly ?? false,
      dynamic: kind.dynamic ?? false,
    });

  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node, node.moduleSpecifier, {
        typeOnly: node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword,
      });
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
      add(node, node.moduleSpecifier, { typeOnly: node.isTypeOnly });
    } else if (ts.isImportTypeNode(node)) {
      const literal = ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
      add(node, literal, { typeOnly: true });
    } else if (ts.isCallExpression(node)) {
      const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
      const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require';
      const literal = node.arguments[0];
      if (isImport) add(node, literal, { dynamic: true });
      else if (isRequire && literal !== undefined && ts.isStringLiteralLike(literal)) add(node, literal, {});
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** A source file with parents set, for the guards that read syntax. */
export function parse(fileName: string, text: string): ts.SourceFile {
  return ts.createSourceFile(fileName, text, ts.ScriptTarget.ES2022, true);
}
