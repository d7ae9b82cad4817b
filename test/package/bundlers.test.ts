import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, inject, it } from 'vitest';
import { prerequisite } from '../support/prerequisite.js';
import { repositoryRoot } from '../support/repository.js';
import { runProcess } from '../support/run-process.js';

const { project, offline } = inject('installed');
const ADDON = `frame-cipher-${process.platform}-${process.arch}.node`;
const hasAddon = process.platform === 'linux' && process.arch === 'x64';

/** Seals and opens with the default suite and with one that only @noble/ciphers has on older Nodes. */
const PROGRAM = `
import { decrypt, encrypt, engines, rawKey } from 'sealpipe';
const keys = rawKey({ name: 'mine', key: new Uint8Array(32).fill(7) });
const opened = [];
for (const suite of ['AES-256-GCM', 'AES-256-GCM-SIV']) {
  opened.push((await decrypt(await encrypt(suite, { keys, suite }), { keys })).toString());
}
const [{ engine, unavailable }] = engines();
console.log(JSON.stringify({ opened, engine, why: unavailable.native }));
`;
const OPENED = ['AES-256-GCM', 'AES-256-GCM-SIV'];

/** Where the bundle lies: with nothing beside it, and no node_modules above it that has sealpipe. */
let out: string;

beforeEach(async (context) => {
  prerequisite(context, offline === undefined, offline ?? '');
  await writeFile(join(project, 'program.mjs'), PROGRAM);
  out = join(project, '..', 'bundled');
  await rm(out, { recursive: true, force: true });
  await mkdir(out);
});

async function run(name: string) {
  const { status, stdout, stderr } = await runProcess(process.execPath, [join(out, name)], { cwd: out });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout);
}

/** Runs a script that bundles, and gives what it said. */
async function bundle(script: string) {
  const from = JSON.stringify(join(repositoryRoot, 'package.json'));
  const head = `import { createRequire } from 'node:module'; const require = createRequire(${from});`;
  const words = ['--input-type=module', '-e', head + script];
  const { status, stdout, stderr } = await runProcess(process.execPath, words, {
    cwd: project,
    env: { OUT: out },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout);
}

const WEBPACK = `
const webpack = require('webpack');
const options = {
  mode: 'none', target: 'node', context: process.cwd(), entry: './program.mjs',
  experiments: { topLevelAwait: true }, output: { path: process.env.OUT, filename: 'program.cjs' },
};
webpack(options, (failure, stats) => {
  if (failure) throw failure;
  const { errors, warnings } = stats.toJson();
  console.log(JSON.stringify([...errors, ...warnings].map(({ message }) => message)));
});`;

const esbuild = (options: string) => `
const { errors, warnings } = await require('esbuild').build({
  entryPoints: ['program.mjs'], bundle: true, platform: 'node', logLevel: 'silent', ${options}
});
console.log(JSON.stringify([...errors, ...warnings].map(({ text }) => text)));`;
const ESM = "format: 'esm', outfile: process.env.OUT + '/program.mjs',";

describe('a program bundled by webpack', () => {
  it('has the addon with it, without a warning', async () => {
    expect(await bundle(WEBPACK)).toEqual([]);
    const { opened, engine } = await run('program.cjs');
    expect({ opened, engine }).toEqual({ opened: OPENED, engine: hasAddon ? 'native' : 'node' });
    expect((await readdir(out)).filter((name) => name.endsWith('.node'))).toHaveLength(hasAddon ? 1 : 0);
  });
});

describe('a program bundled by esbuild', () => {
  it('runs on the node engine without the addon, and says why', async () => {
    expect(await bundle(esbuild(ESM))).toEqual([]);
    expect(await run('program.mjs')).toEqual({
      opened: OPENED,
      engine: 'node',
      why: hasAddon ? expect.stringContaining(`${ADDON} is not beside the code`) : expect.any(String),
    });
  });

  it('has the native engine with the addon copied beside it', async () => {
    await bundle(esbuild(ESM));
    if (hasAddon) await cp(join(project, 'node_modules/sealpipe/dist', ADDON), join(out, ADDON));
    const { opened, engine } = await run('program.mjs');
    expect({ opened, engine }).toEqual({ opened: OPENED, engine: hasAddon ? 'native' : 'node' });
  });

  it('as CommonJS runs on the node engine, and says why', async () => {
    await writeFile(
      join(project, 'program.mjs'),
      `async function main() {${PROGRAM.replace(/import .*/, '')}}\nmain();\n${PROGRAM.match(/import .*/)?.[0]}`,
    );
    await bundle(esbuild("format: 'cjs', outfile: process.env.OUT + '/program.cjs',"));
    const { opened, engine, why } = await run('program.cjs');
    expect({ opened, engine }).toEqual({ opened: OPENED, engine: 'node' });
    expect(why).toBe('a bundle without import.meta.url does not say where the addon is');
  });
});

/** A program that logs through pino, bundled as the page about bundlers says. */
const LOGGING = `
const at = (name) => new URL(name, import.meta.url).pathname;
globalThis.__bundlerPathsOverrides = {
  'thread-stream-worker': at('thread-stream-worker.cjs'),
  'pino-worker': at('pino-worker.cjs'),
  'pino/file': at('pino-file.cjs'),
  'sealpipe/pino': at('sealpipe-pino.mjs'),
};
const { default: pino } = await import('pino');
const options = { directory: at('archive'), key: 'file:' + at('k') };
const logger = pino(pino.transport({ target: 'sealpipe/pino', options }));
logger.info('bundled');
logger.flush((error) => console.log(JSON.stringify(error ? String(error) : 'durable')));
`;
const BUNDLE_LOGGING = `
const { build } = require('esbuild');
const ofPino = createRequire(require.resolve('pino'));
const { dirname } = require('node:path');
const common = {
  bundle: true, platform: 'node', logLevel: 'silent', outdir: process.env.OUT,
  nodePaths: [dirname(dirname(require.resolve('pino/package.json')))],
};
const modules = await build({
  ...common, format: 'esm', outExtension: { '.js': '.mjs' },
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  entryPoints: { logging: 'logging.mjs', 'sealpipe-pino': 'node_modules/sealpipe/dist/pino.js' },
});
const scripts = await build({
  ...common, format: 'cjs', outExtension: { '.js': '.cjs' },
  entryPoints: {
    'thread-stream-worker': ofPino.resolve('thread-stream/lib/worker.js'),
    'pino-worker': ofPino.resolve('pino/lib/worker.js'),
    'pino-file': ofPino.resolve('pino/file.js'),
  },
});
console.log(JSON.stringify([modules, scripts].flatMap(({ errors }) => errors)));`;

describe('a program that logs through pino, bundled by esbuild', () => {
  it('seals in a thread of its own, from files beside the bundle', async () => {
    await writeFile(join(project, 'logging.mjs'), LOGGING);
    expect(await bundle(BUNDLE_LOGGING)).toEqual([]);
    await writeFile(join(out, 'k'), `${'0'.repeat(63)}1\n`, { mode: 0o600 });
    expect(await run('logging.mjs')).toBe('durable');
    const command = join(project, 'node_modules', 'sealpipe', 'dist', 'sealpipe.js');
    const words = [command, 'logs', 'cat', '-k', 'file:k', 'archive'];
    const { status, stdout } = await runProcess(process.execPath, words, { cwd: out });
    expect([status, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ msg: 'bundled' })]);
  });
});
