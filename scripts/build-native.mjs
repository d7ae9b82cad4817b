// Builds the addon of the native engine with the C compiler that is there (CC, or cc), beside its source and into
// dist. It never downloads and never fails: without the addon the engine over node:crypto serves.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'src/crypto/native');
const name = `frame-cipher-${process.platform}-${process.arch}.node`;
const built = join(folder, name);
const shipped = join(root, 'dist/crypto/native', name);

const why = attempt();
if (why !== undefined) console.log(`sealpipe: the native engine was not built: ${why}`);

/** @returns {string | undefined} why not */
function attempt() {
  try {
    const failure = isCurrent() ? undefined : build();
    if (failure === undefined) {
      mkdirSync(dirname(shipped), { recursive: true });
      whole(shipped, (path) => copyFileSync(built, path));
    } else {
      rmSync(shipped, { force: true }); // an addon of another source is worse than none
    }
    return failure;
  } catch (error) {
    return String(error);
  }
}

/** Whether the addon is younger than every file that it is made of, this one included. */
function isCurrent() {
  const parts = [fileURLToPath(import.meta.url), ...sources(/\.[ch]$/)];
  return existsSync(built) && parts.every((part) => statSync(part).mtimeMs <= statSync(built).mtimeMs);
}

/** @param {RegExp} ending */
function sources(ending) {
  return readdirSync(folder)
    .filter((file) => ending.test(file))
    .sort()
    .map((file) => join(folder, file));
}

/** @returns {string | undefined} why not */
function build() {
  if (process.platform !== 'linux') return `it is built on Linux, and this is ${process.platform}`;
  const headers = headerFolder();
  if (headers === undefined) return 'node-api-headers is not installed';
  const [compiler = 'cc', ...flags] = (process.env.CC ?? '').split(/\s+/).filter((word) => word !== '');
  const code = [
    '-std=c11',
    '-O2',
    '-Wall',
    '-Wextra',
    '-fPIC',
    '-fvisibility=hidden',
    '-fstack-protector-strong',
  ];
  // -z now: a symbol that this Node does not have fails at load, not at the first call.
  const linking = ['-shared', '-Wl,-z,now', '-Wl,-z,relro', '-Wl,-z,noexecstack', '-s'];
  return whole(built, (path) => {
    const words = [...flags, ...code, ...linking, `-I${headers}`, ...sources(/\.c$/), '-o', path];
    const { error, status, stderr } = spawnSync(compiler, words, { encoding: 'utf8' });
    if (error !== undefined) return `${compiler} does not run`;
    if (stderr !== '') console.log(stderr.trimEnd());
    return status === 0 ? undefined : `${compiler} failed`;
  });
}

/**
 * Has a file made under a name of this process's own and then renamed: nobody sees it half-written, and a process
 * that has loaded the one before keeps it.
 *
 * @param {string} target
 * @param {(path: string) => string | undefined | void} make
 * @returns {string | undefined} why not
 */
function whole(target, make) {
  const path = `${target.slice(0, -'.node'.length)}.${process.pid}.node`;
  try {
    const failure = make(path) ?? undefined;
    if (failure === undefined) renameSync(path, target);
    return failure;
  } finally {
    rmSync(path, { force: true });
  }
}

/** @returns {string | undefined} */
function headerFolder() {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json')), 'include');
  } catch {
    return undefined;
  }
}
