// How the addon of the native engine is compiled: the same sources and the same compiler give the same bytes, whatever
// folder, user, time and language they are compiled in.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the C sources, in a checkout and in the package. */
export const sourceFolder = fileURLToPath(new URL('../../src/crypto/native', import.meta.url));

/** The file name of the addon for this platform. */
export const addonName = `frame-cipher-${process.platform}-${process.arch}.node`;

/** Sets the options whose defaults differ between distributions. */
const COMPILING = [
  '-std=c11',
  '-O2',
  '-Wall',
  '-Wextra',
  '-fPIC',
  '-fvisibility=hidden',
  '-fstack-protector-strong',
  '-U_FORTIFY_SOURCE',
  '-D_FORTIFY_SOURCE=2',
  '-fno-ident',
];
const COMPILING_FOR =
  process.arch === 'x64' ? ['-march=x86-64', '-mtune=generic', '-fcf-protection=none'] : [];
// -z now: a symbol that this Node does not have fails at load, not at the first call.
const LINKING = [
  '-shared',
  '-Wl,-z,now',
  '-Wl,-z,relro',
  '-Wl,-z,noexecstack',
  '-Wl,--as-needed',
  '-Wl,--hash-style=gnu',
  '-Wl,--build-id=sha1',
  '-s',
];

/** The options of the compiler that are the same everywhere. */
export const flags = [...COMPILING, ...COMPILING_FOR, ...LINKING];

/**
 * Compiles and links the addon with CC, or cc. Sources are named from their own folder, so that no path gets in.
 *
 * @param {string} target
 * @returns {string | undefined} why it could not be done
 */
export function compile(target) {
  if (process.platform !== 'linux') return `it is built on Linux, and this is ${process.platform}`;
  const headers = headerFolder();
  if (headers === undefined) return 'node-api-headers is not installed';
  const [compiler, ...own] = compilerWords();
  const where = [`-I${headers}`, `-ffile-prefix-map=${headers}=node-api`];
  const words = [...own, ...flags, ...where, ...namesOf('.c'), '-o', target];
  const { error, status, stderr } = run(compiler, words);
  if (error !== undefined) return `${compiler} does not run`;
  if (stderr !== '') console.log(stderr.trimEnd());
  return status === 0 ? undefined : `${compiler} failed`;
}

/** The first line that `--version` prints, of the compiler and of the linker that it calls. */
export function toolchain() {
  const [compiler, ...own] = compilerWords();
  const [compilerSays, linkerSays] = ['--version', '-Wl,--version'].map((flag) =>
    (run(compiler, [...own, flag]).stdout ?? '').split('\n', 1)[0]?.trim(),
  );
  return { compiler: compilerSays ?? '', linker: linkerSays ?? '' };
}

/** A digest of everything that determines the bytes except the compiler: the sources and the flags. */
export function inputsDigest() {
  const hash = createHash('sha256').update(JSON.stringify(flags));
  for (const name of namesOf('.c', '.h')) {
    const text = readFileSync(join(sourceFolder, name));
    hash.update(`\n${name} ${text.length}\n`).update(text);
  }
  return hash.digest('hex');
}

/** @param {string} file */
export function fileDigest(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** @param {string[]} endings */
function namesOf(...endings) {
  return readdirSync(sourceFolder)
    .filter((name) => endings.some((ending) => name.endsWith(ending)))
    .sort();
}

/** @returns {[string, ...string[]]} */
function compilerWords() {
  const [compiler = 'cc', ...own] = (process.env.CC ?? '').split(/\s+/).filter((word) => word !== '');
  return [compiler, ...own];
}

/** @param {string} compiler @param {string[]} words */
function run(compiler, words) {
  const env = { ...process.env, LC_ALL: 'C' };
  return spawnSync(compiler, words, { cwd: sourceFolder, env, encoding: 'utf8' });
}

/** @returns {string | undefined} */
function headerFolder() {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json')), 'include');
  } catch {
    return undefined;
  }
}
