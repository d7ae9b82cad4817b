import ts from 'typescript';
import { exportedSymbols } from './package-entries.js';

/** The exports of a source given as text, for the guards' own tests. */
export function sampleExports(text: string): { symbols: Map<string, ts.Symbol>; checker: ts.TypeChecker } {
  const name = 'sample.ts';
  const host = ts.createCompilerHost({});
  const read = host.getSourceFile;
  host.getSourceFile = (file, ...rest) =>
    file === name ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true) : read(file, ...rest);
  const program = ts.createProgram([name], { noLib: true }, host);
  return { symbols: exportedSymbols(program, name), checker: program.getTypeChecker() };
}
