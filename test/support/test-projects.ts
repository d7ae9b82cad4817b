import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The vitest projects that a test may belong to. */
export type TestProject = 'unit' | 'process' | 'isolated' | 'guards' | 'package';

/** What starts processes. */
const PROCESSES = /^(node:)?child_process$/;

/** What starts threads in the process of a test; pino does. */
const THREADS = /^((node:)?(worker_threads|cluster)|pino)$/;

/** What changes or measures a whole process. */
const WHOLE_PROCESS =
  /\bvi\.(mock|doMock|hoisted)\(|\bprocess\.(chdir\(|umask\(\w)|\bsetFlagsFromString\(|\bpeakMemory\(/;

const FOLDERS: ReadonlyArray<readonly [folder: string, project: TestProject]> = [
  ['test/guards/', 'guards'],
  ['test/package/', 'package'],
];

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every test of the checkout by the project that it belongs to, as paths from the root with `/`. */
export function testsByProject(): Readonly<Record<TestProject, readonly string[]>> {
  const found: Record<TestProject, string[]> = {
    unit: [],
    process: [],
    isolated: [],
    guards: [],
    package: [],
  };
  const read = reader();
  for (const path of testFiles()) found[projectOf(path, read)].push(path);
  return found;
}

/**
 * The project of a test: by its folder; or `isolated` if it, or a file that it imports, starts threads or changes the
 * whole process; or `process` if it starts processes; else `unit`.
 *
 * @param path from the root, with `/`
 * @param read gives the text of a file, or undefined where there is none
 */
export function projectOf(path: string, read: (path: string) => string | undefined): TestProject {
  const folder = FOLDERS.find(([start]) => path.startsWith(start));
  if (folder !== undefined) return folder[1];
  return kindOf(path, read);
}

function kindOf(start: string, read: (path: string) => string | undefined): TestProject {
  let kind: TestProject = 'unit';
  const seen = new Set([start]);
  for (const path of seen) {
    const { wholeProcess, specifiers } = factsOf(read(path) ?? '');
    if (wholeProcess) return 'isolated';
    for (const specifier of specifiers) {
      if (THREADS.test(specifier)) return 'isolated';
      if (PROCESSES.test(specifier)) kind = 'process';
      if (!/^\.\.?\/.*\.m?[jt]s$/.test(specifier)) continue;
      const target = join(dirname(path), specifier).split(sep).join('/');
      const source = target.replace(/\.js$/, '.ts');
      seen.add(read(source) === undefined ? target : source);
    }
  }
  return kind;
}

/** What a text says of the project of the tests that import it. */
interface Facts {
  wholeProcess: boolean;
  specifiers: readonly string[];
}

/** Most files are imported by hundreds of tests: each text is searched once. */
const knownFacts = new Map<string, Facts>();

function factsOf(text: string): Facts {
  const known = knownFacts.get(text);
  if (known !== undefined) return known;
  const facts = { wholeProcess: WHOLE_PROCESS.test(text), specifiers: specifiersOf(text) };
  knownFacts.set(text, facts);
  return facts;
}

/** What a module imports and re-exports by name; types alone are not loaded. */
function specifiersOf(text: string): string[] {
  const statements = text.matchAll(/^(?:import|export)\s(?!type\s)[^'";]*?['"]([^'"]+)['"]/gms);
  const calls = text.matchAll(/\b(?:import|require)\(\s*['"]([^'"]+)['"]\s*\)/g);
  return [...statements, ...calls].map(([, specifier = '']) => specifier);
}

function testFiles(): string[] {
  return readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `test/${name.split(sep).join('/')}`)
    .sort();
}

/** Reads files below the root, each once. */
function reader(): (path: string) => string | undefined {
  const texts = new Map<string, string | undefined>();
  return (path) => {
    if (!texts.has(path)) texts.set(path, textOf(join(root, path)));
    return texts.get(path);
  };
}

function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
