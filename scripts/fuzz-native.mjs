// node scripts/fuzz-native.mjs [SECONDS] [--seed N] [--sanitize | --valgrind]
//
// Calls the addon of the native engine with random arguments and buffers of all kinds (30 seconds by default), and
// compares every answer and every byte with what node:crypto and the rules of the arguments say. It prints its seed,
// which repeats the same calls, and ends with a status other than 0 at the first difference.
//
// --sanitize builds the addon once more, with AddressSanitizer and UndefinedBehaviorSanitizer, and runs under them.
// The OpenSSL inside Node is not instrumented, so fuzz-native/watch.c checks all memory that the addon lends to it before
// the call, and at the end checks that all contexts and ciphers were freed. It needs gcc (or CC) with libasan and
// libubsan.
//
// --valgrind runs the addon as it ships under memcheck, which sees every access, including those of OpenSSL's assembly.
// V8 runs --jitless there, which leaves no noise: any error that valgrind reports counts. Node's pool is zero-filled
// there, since it is compared with its copy and never written to its end.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { callOnce } from './fuzz-native/calls.mjs';
import { lifeOnce } from './fuzz-native/lives.mjs';
import { FuzzedPipe } from './fuzz-native/pipes.mjs';
import { randomFrom } from './fuzz-native/random.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, '../src/crypto/native');
const require = createRequire(import.meta.url);
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string' },
    sanitize: { type: 'boolean' },
    valgrind: { type: 'boolean' },
    addon: { type: 'string' },
  },
});
const seconds = Number(positionals[0] ?? 30);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 32));

const shipped = join(source, `frame-cipher-${process.platform}-${process.arch}.node`);
const self = [fileURLToPath(import.meta.url), String(seconds), '--seed', String(seed)];

if (values.sanitize) process.exitCode = runSanitized();
else if (values.valgrind) process.exitCode = runUnderValgrind();
else await fuzz(values.addon ?? shipped);

/** @param {string} addon */
async function fuzz(addon) {
  const loaded = require(addon);
  const { FrameCipher } = loaded;
  const random = randomFrom(seed);
  const pipe = new FuzzedPipe(loaded, random);
  const counts = new Map();
  const until = performance.now() + seconds * 1_000;
  let calls = 0;
  console.log(`seed ${seed}, Node ${process.version}, ${seconds} s`);
  try {
    while (performance.now() < until) {
      const life = lifeOnce(FrameCipher, random);
      for (let left = random.below(60); left > 0; left--, calls++) {
        const what = random.chance(0.2) ? pipe.once() : callOnce(life, random);
        counts.set(what, (counts.get(what) ?? 0) + 1);
      }
      if (random.chance(0.5)) life.cipher.wipe(); // the others are left to the collector, and to the end
      await new Promise((resolve) => setImmediate(resolve));
    }
  } catch (error) {
    console.error(`after ${calls} calls of seed ${seed}: ${error instanceof Error ? error.stack : error}`);
    process.exitCode = 1;
    return;
  } finally {
    pipe.close();
  }
  for (const [what, count] of [...counts].sort()) console.log(`${String(count).padStart(9)} ${what}`);
  console.log(`${calls} calls, each as expected`);
}

/** @returns {number} an exit status */
function runSanitized() {
  const compiler = process.env.CC || 'gcc';
  const folder = mkdtempSync(join(tmpdir(), 'sealpipe-fuzz-'));
  try {
    const addon = join(folder, 'watched.node');
    const headers = join(dirname(require.resolve('node-api-headers/package.json')), 'include');
    const wrapped = ['EVP_CIPHER_CTX_new', 'EVP_CIPHER_CTX_free', 'EVP_CIPHER_CTX_ctrl', 'EVP_CipherUpdate'];
    const wraps = [...wrapped, 'OPENSSL_cleanse', 'calloc', 'free'].map((name) => `-Wl,--wrap=${name}`);
    const checks = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-fno-omit-frame-pointer'];
    const parts = readdirSync(source).filter((file) => file.endsWith('.c'));
    const files = [...parts.map((file) => join(source, file)), join(here, 'fuzz-native/watch.c')];
    const options = ['-std=c11', '-O1', '-g', '-shared', '-fPIC', '-Wl,-z,now', `-I${headers}`];
    const build = [...options, ...checks, ...wraps, ...files, '-o', addon];
    if (!ran(compiler, build, {})) return 1;
    const preload = ['libasan.so', 'libubsan.so'].map((library) => pathOf(compiler, library)).join(' ');
    // V8's own leaks at the end are not ours; watch.c counts ours.
    const asan = 'detect_leaks=0:abort_on_error=0:exitcode=9:handle_segv=1';
    const environment = { LD_PRELOAD: preload, ASAN_OPTIONS: asan, UBSAN_OPTIONS: 'print_stacktrace=1' };
    if (!ran(process.execPath, [...self, '--addon', addon], environment)) return 1;
    console.log('nothing found by AddressSanitizer and UndefinedBehaviorSanitizer; all was freed');
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns {number} an exit status */
function runUnderValgrind() {
  const options = ['--quiet', '--error-exitcode=9', '--smc-check=all-non-file', '--num-callers=20'];
  if (!ran('valgrind', [...options, process.execPath, '--jitless', '--zero-fill-buffers', ...self], {}))
    return 1;
  console.log('nothing found by valgrind');
  return 0;
}

/** @param {string} compiler @param {string} library */
function pathOf(compiler, library) {
  const path = spawnSync(compiler, [`-print-file-name=${library}`], { encoding: 'utf8' }).stdout?.trim();
  if (!path || !existsSync(path) || path === library) throw new Error(`${compiler} has no ${library}`);
  return path;
}

/** @param {string} command @param {string[]} args @param {NodeJS.ProcessEnv} environment */
function ran(command, args, environment) {
  const { status, signal, error } = spawnSync(command, args, {
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  if (status === 0) return true;
  console.error(`${command} ended with ${error?.message ?? signal ?? `status ${status}`}`);
  return false;
}
