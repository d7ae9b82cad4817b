import ts from 'typescript';
import { parse } from './module-imports.js';
import { partOf, type SourceTree } from './source-tree.js';

/** Lines of a file that wait at the top level: such a graph cannot be loaded by `require()`. */
export function topLevelAwaits(path: string, text: string): string[] {
  const source = parse(path, text);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node)) return;
    const waits =
      ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined);
    const disposes =
      ts.isVariableDeclarationList(node) &&
      (node.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing;
    if (waits || disposes) found.push(`src/${path}:${lineOf(source, node)} waits at the top level`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Uses of `process.exit` (anywhere but the command's entry) and of `console` (anywhere but the command). */
export function edgeOffences(tree: SourceTree): string[] {
  return [...tree].flatMap(([path, text]) => {
    const source = parse(path, text);
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
        const object = node.expression.text;
        const exits = object === 'process' && /^(exit|reallyExit|abort)$/.test(node.name.text);
        if (exits && partOf(path) !== 'cli')
          found.push(`src/${path}:${lineOf(source, node)} ends the process`);
        if (object === 'console' && partOf(path) !== 'cli')
          found.push(`src/${path}:${lineOf(source, node)} uses console`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}

/** Classes whose instances may come from the caller, and so from another realm. */
const FOREIGN =
  /^(Uint8Array|ArrayBuffer|AbortSignal|AbortController|URL|Error|TypeError|RangeError|DOMException)$/;

/** Uses of `instanceof` with a class of every realm, anywhere but in the command, which is a process of its own. */
export function realmOffences(tree: SourceTree): string[] {
  return [...tree].flatMap(([path, text]) => {
    if (partOf(path) === 'cli') return [];
    const source = parse(path, text);
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (
        ts.isBinaryExpression(node) &&
        node.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword &&
        FOREIGN.test(node.right.getText(source))
      ) {
        found.push(`src/${path}:${lineOf(source, node)} knows one realm only: use src/realms.ts`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}

/** Statements of a barrel that are anything but a re-export. */
export function barrelOffences(path: string, text: string): string[] {
  const source = parse(path, text);
  return source.statements
    .filter((statement) => !(ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined))
    .map((statement) => `src/${path}:${lineOf(source, statement)} is no re-export`);
}

function lineOf(source: ts.SourceFile, node: ts.Node): number {
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
}
