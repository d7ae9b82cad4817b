import ts from 'typescript';

/** Names that say an export is a door for tests: through one a caller could seal two streams under one key and nonce. */
const SEAM_NAME = /vector|internal|seam|fixed|unsafe|fortest|determinis/i;

/** Members by which options could fix what must be fresh for every stream. */
const FRESH_THINGS =
  /^(salt|nonce|baseNonce|iv|dataKey|frameKey|created|now|clock|date|random|randomBytes|rng|seed)$/i;

/** Exported names that look like a seam, and members of exported options that would fix what must be fresh. */
export function seamOffences(symbols: ReadonlyMap<string, ts.Symbol>, checker: ts.TypeChecker): string[] {
  return [...symbols].flatMap(([name, symbol]) => {
    if (SEAM_NAME.test(name)) return [`${name} is exported`];
    const isOptions =
      /Options$/.test(name) && (symbol.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias)) !== 0;
    if (!isOptions) return [];
    const members = checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol));
    return members
      .filter((member) => FRESH_THINGS.test(member.name))
      .map((member) => `${name}.${member.name}`);
  });
}

/** How many parameters an exported function takes at most, by its types. */
export function mostParameters(symbol: ts.Symbol, checker: ts.TypeChecker): number {
  const signatures = checker.getTypeOfSymbol(symbol).getCallSignatures();
  return Math.max(0, ...signatures.map((signature) => signature.parameters.length));
}
