// Builds the addon of the native engine with the C compiler that is there, beside its source and into dist. It never
// downloads and never fails: without the addon the engine over node:crypto serves.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'src/crypto/native');
const source = join(folder, 'frame-cipher.c');
const name = `frame-cipher-${process.platform}-${process.arch}.node`;
const addon = join(folder, name);

const why = isCurrent() ? undefined : build();
if (why === undefined) {
  const target = join(root, 'dist/crypto/native');
  mkdirSync(target, { recursive: true });
  copyFileSync(addon, join(target, name));
} else {
  console.log(`sealpipe: the native engine was not built: ${why}`);
}

function isCurrent() {
  return existsSync(addon) && statSync(addon).mtimeMs >= statSync(source).mtimeMs;
}

/** @returns {string | undefined} why not */
function build() {
  if (process.platform !== 'linux') return `it is built on Linux, and this is ${process.platform}`;
  const headers = headerFolder();
  if (headers === undefined) return 'node-api-headers is not installed';
  const compiler = process.env.CC ?? 'cc';
  const warnings = ['-Wall', '-Wextra', '-Werror'];
  // -z now: a symbol that this Node does not have fails at load, not at the first call.
  const linking = ['-shared', '-fPIC', '-fvisibility=hidden', '-Wl,-z,now', '-Wl,-z,relro', '-s'];
  const words = ['-std=c11', '-O2', ...warnings, ...linking, `-I${headers}`, source, '-o', addon];
  const { error, status, stderr } = spawnSync(compiler, words, { encoding: 'utf8' });
  if (error !== undefined) return `${compiler} does not run`;
  return status === 0 ? undefined : `${compiler} failed: ${stderr}`;
}

/** @returns {string | undefined} */
function headerFolder() {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json')), 'include');
  } catch {
    return undefined;
  }
}
