import ts from 'typescript';

/**
 * Exported functions, classes, interfaces, types and constants without a docstring; members of theirs that neither have
 * one nor stand, as `name`, in the docstring of their type.
 */
export function undocumented(
  symbols: ReadonlyMap<string, ts.Symbol>,
  checker: ts.TypeChecker,
  own: RegExp,
): string[] {
  return [...symbols].flatMap(([name, symbol]) => {
    const found = isDocumented(symbol, checker) ? [] : [name];
    const members = checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol));
    const told = docsOf(symbol, checker);
    const bare = members
      .filter((member) => declaredIn(member, own) && !isDocumented(member, checker))
      .filter((member) => !told.includes(`\`${member.name}\``));
    return [...found, ...bare.map((member) => `${name}.${member.name}`)];
  });
}

function isDocumented(symbol: ts.Symbol, checker: ts.TypeChecker): boolean {
  return docsOf(symbol, checker) !== '';
}

function docsOf(symbol: ts.Symbol, checker: ts.TypeChecker): string {
  return ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();
}

function declaredIn(symbol: ts.Symbol, own: RegExp): boolean {
  return (symbol.declarations ?? []).some((declaration) => own.test(declaration.getSourceFile().fileName));
}
