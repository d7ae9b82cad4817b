// Runs every numbered example, one after another, each in an empty folder with no AWS account; ends at the first failure.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const examples = fileURLToPath(new URL('../examples', import.meta.url));
const names = readdirSync(examples)
  .filter((name) => /^\d\d-.*\.mjs$/.test(name))
  .sort();
if (names.length === 0) throw new Error('there are no examples');

const failed = names.findIndex((name) => !passes(name));
if (failed >= 0) process.exitCode = 1;
else console.log(`examples: ${names.length} passed, 0 failed`);

/** @param {string} name */
function passes(name) {
  const folder = mkdtempSync(join(tmpdir(), 'sealpipe-example-'));
  const started = performance.now();
  const compiled = compiledForOlderNode(join(examples, name));
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    compiled === undefined ? [join(examples, name)] : ['--input-type=module', '-'],
    {
      // A program from standard input finds the package from the folder that it runs in.
      cwd: compiled === undefined ? folder : examples,
      input: compiled ?? '',
      env: environment(folder),
      encoding: 'utf8',
      timeout: 120_000,
    },
  );
  rmSync(folder, { recursive: true, force: true });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (status === 0) console.log(`${name} ${seconds} s`);
  else console.error(`${name} failed (${signal ?? status}) after ${seconds} s\n${stdout}\n${stderr}`);
  return status === 0;
}

/**
 * An example in syntax that only Node 24 has, as TypeScript compiles it for this one; undefined where it runs as it is.
 *
 * @param {string} file
 */
function compiledForOlderNode(file) {
  const code = readFileSync(file, 'utf8');
  if (Number.parseInt(process.versions.node, 10) >= 24 || !/^\s*(await )?using /m.test(code))
    return undefined;
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  return ts.transpileModule(code, { compilerOptions }).outputText;
}

/** @param {string} folder */
function environment(folder) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS_|SEALPIPE_)/.test(name));
  return { ...Object.fromEntries(kept), TMPDIR: folder, SEALPIPE_HOME: join(folder, '.sealpipe') };
}
