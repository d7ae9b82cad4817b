import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';
import { beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { prerequisite } from '../support/prerequisite.js';
import { TYPESCRIPT, TYPESCRIPT_ENTRIES } from './round-trip.js';

const { project, offline } = inject('installed');

const STRICTEST: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  verbatimModuleSyntax: true,
  skipLibCheck: false,
  noEmit: true,
};

const RESOLUTIONS: ReadonlyArray<[name: string, options: ts.CompilerOptions]> = [
  ['nodenext', { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext }],
  ['bundler', { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler }],
];

/** The user's files, each a program of its own; one does wrong, to show that the types are there at all. */
const FILES: Readonly<Record<string, string>> = {
  'use.mts': TYPESCRIPT,
  'entries.mts': TYPESCRIPT_ENTRIES,
  'use.cts': "import sealpipe = require('sealpipe');\nexport = sealpipe.encrypt;\n",
  'wrong.mts': "import { encrypt } from 'sealpipe';\nencrypt(1, {});\n",
};
const OURS = 'node_modules/sealpipe';

/** What the compiler says, by the user's file; of libraries, what it says of this one. */
function offences(options: ts.CompilerOptions, names: readonly string[]): Record<string, string[]> {
  const found: Record<string, string[]> = Object.fromEntries([...names, OURS].map((name) => [name, []]));
  const program = ts.createProgram(
    names.map((name) => join(project, name)),
    { ...STRICTEST, ...options, typeRoots: [join(project, 'node_modules/@types')] },
  );
  const ours = program
    .getSourceFiles()
    .filter((file) => !/\/node_modules\/(?!sealpipe\/)/.test(file.fileName));
  const said = ours.flatMap((file) => [
    ...program.getSyntacticDiagnostics(file),
    ...program.getSemanticDiagnostics(file),
  ]);
  for (const { file, messageText } of [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...said,
  ]) {
    const path = file?.fileName ?? 'the options';
    const name = path.includes(`/${OURS}/`) ? OURS : basename(path);
    found[name] = [...(found[name] ?? []), ts.flattenDiagnosticMessageText(messageText, ' ')];
  }
  return found;
}

describe('the installed types', () => {
  beforeEach((context) => prerequisite(context, offline === undefined, offline ?? ''));
  beforeAll(() => {
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(project, name), text);
  });

  it.each(RESOLUTIONS)(
    'hold under %s, strict, this library checked too, and are not any',
    (name, options) => {
      const names = Object.keys(FILES).filter((file) => name === 'nodenext' || !file.endsWith('.cts'));
      const { 'wrong.mts': wrong, ...others } = offences(options, names);
      expect(others).toEqual(Object.fromEntries(Object.keys(others).map((file) => [file, []])));
      expect(wrong).toEqual([expect.stringContaining('not assignable')]);
    },
  );
});
