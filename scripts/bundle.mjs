// node scripts/bundle.mjs
//
// Bundles the code of the package into flat modules in dist: one for each entry of package.json and for the command,
// and chunks that they share, so that a class is the same class in all of them. What is installed beside the package
// stays outside. Names are kept, nothing is minified, and each module has a map to the sources in the package.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { disposal } from './disposal.mjs';
import { askNode } from './node-parts.mjs';
import { writeWhole } from './whole-file.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

/**
 * What several entries share goes into few chunks, since every file that is opened costs time. Imports go down only
 * between the folders of src, and so they do between chunks.
 */
const CHUNKS = [
  { name: 'ground', priority: 3, test: /[\\/]src[\\/](?:text[\\/]|(?!index\.ts)[^\\/]+\.ts$)/ },
  {
    name: 'core',
    priority: 2,
    test: new RegExp(
      String.raw`[\\/]src[\\/](?:crypto[\\/](?!noble[\\/](?:on-demand|static)\.ts)` +
        String.raw`|(?:format|frames|session|streams|sources|blocks|files|sealed)[\\/]` +
        String.raw`|keys[\\/](?:cache[\\/]|kms[\\/]names[\\/]|(?!index\.ts)[^\\/]+\.ts$)` +
        String.raw`|s3[\\/](?:names|location)\.ts$)`,
    ),
  },
  {
    name: 'object-calls',
    priority: 2,
    test: /[\\/]src[\\/]s3[\\/](?:client-like\.ts|store|reading|upload[\\/](?:requests|parts[\\/]part-plan\.ts))/,
  },
  {
    name: 'object-uploads',
    priority: 1,
    test: /[\\/]src[\\/]s3[\\/]upload[\\/](?!sealed-upload)/,
    minShareCount: 2,
  },
  { name: 'log-archives', priority: 2, test: /[\\/]src[\\/]logs[\\/](?!index\.ts|pino[\\/])/ },
  { name: 'embedded-kms', priority: 2, test: /[\\/]src[\\/]local-kms[\\/](?!index\.ts)/ },
  {
    name: 'command',
    priority: 1,
    test: /[\\/]src[\\/]cli[\\/](?!main\.ts|commands[\\/](?!index\.ts)|arguments[\\/]completion[\\/]|keys[\\/]local[\\/]kms-code\.ts)/,
  },
  {
    name: 'log-commands',
    priority: 2,
    test: /[\\/]src[\\/]cli[\\/]commands[\\/]logs[\\/]/,
    minShareCount: 2,
  },
  { name: 'commands', priority: 1, test: /[\\/]src[\\/]cli[\\/]commands[\\/]/, minShareCount: 2 },
];

/** What is installed, or a part of Node: neither a path nor a module of the bundler. @param {string} id */
const isInstalled = (id) => !/^[./\0]|^[A-Za-z]:[\\/]/.test(id);

/** Modules that Node and bundlers choose between, by the conditions of `imports` in package.json. */
const CHOSEN = {
  '#noble': {
    'noble-on-demand': 'src/crypto/noble/on-demand.ts',
    'noble-static': 'src/crypto/noble/static.ts',
  },
};

/** @type {import('rolldown').Plugin} */
const conditional = {
  name: 'conditional',
  async resolveId(specifier, importer) {
    if (importer === undefined) return undefined;
    const target = resolve(dirname(importer), specifier.replace(/\.js$/, '.ts'));
    for (const [id, modules] of Object.entries(CHOSEN)) {
      if (Object.values(modules).some((path) => target === join(root, path))) return { id, external: true };
    }
    return undefined;
  },
};

const bundle = await rolldown({
  cwd: root,
  input: inputs(),
  external: isInstalled,
  platform: 'node',
  transform: { target: 'node20.19' },
  plugins: [disposal, conditional],
  preserveEntrySignatures: 'allow-extension',
  onLog(level, log) {
    if (level === 'warn' && log.code !== 'PLUGIN_TIMINGS') throw new Error(log.message);
  },
});
const { output } = await bundle.generate({
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: '[name].js',
  sourcemap: true,
  sourcemapExcludeSources: true,
  minify: false,
  minifyInternalExports: false,
  comments: false,
  codeSplitting: { groups: CHUNKS, includeDependenciesRecursively: false },
});
await bundle.close();
const names = new Set(output.map(({ fileName }) => fileName));
for (const file of output) {
  if (file.type === 'chunk') assertInstalled([...file.imports, ...file.dynamicImports]);
}
for (const file of output) {
  writeWhole(join(dist, file.fileName), file.type === 'chunk' ? askNode(file.code) : file.source);
}
for (const name of readdirSync(dist)) {
  if (/\.js(\.map)?$/.test(name) && !names.has(name)) rmSync(join(dist, name), { force: true });
}

/**
 * The modules to begin with, by their names in dist: `./dist/NAME.js` of an entry is bundled from the source of its
 * types, and the command from its own.
 *
 * @returns {Record<string, string>}
 */
function inputs() {
  const { exports, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  /** @type {Record<string, string>} */
  const found = {};
  for (const [name, target] of Object.entries(exports)) {
    if (name === './package.json') continue;
    const [, source] = /^\.\/dist\/types\/(.+)\.d\.ts$/.exec(target.types) ?? [];
    if (source === undefined) throw new Error(`${name}: its types are not in dist/types`);
    found[moduleName(target.default)] = `src/${source}.ts`;
  }
  found[moduleName(`./${bin.sealpipe}`)] = 'src/cli/main.ts';
  return Object.assign(found, ...Object.values(CHOSEN));
}

/**
 * Refuses what a user has not installed, such as a helper that the bundler imports for syntax that Node 20 does not know.
 *
 * @param {readonly string[]} imports
 */
function assertInstalled(imports) {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const known = Object.keys({ ...dependencies, ...peerDependencies });
  for (const name of imports.filter((name) => !names.has(name) && !isBuiltin(name) && !(name in CHOSEN))) {
    const isKnown = known.some((dependency) => name === dependency || name.startsWith(`${dependency}/`));
    if (!isKnown) throw new Error(`${name} is no dependency`);
  }
}

/** @param {string} path */
function moduleName(path) {
  const [, name] = /^\.\/dist\/([a-z0-9-]+)\.js$/.exec(path) ?? [];
  if (name === undefined) throw new Error(`${path} is not ./dist/NAME.js`);
  return name;
}
