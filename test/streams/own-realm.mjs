// Loads the built package into a realm of its own, as test environments such as jest's jsdom do: the Buffers of Node are
// of another realm than the package, and AbortController and URL are not Node's. Seals and opens with every engine and suite, and
// prints what failed.
import { readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createContext, runInContext, SourceTextModule, SyntheticModule } from 'node:vm';

const entry = String(process.argv[2]);
class Signal {
  aborted = false;
  /** @type {unknown} */
  reason;
  /** @type {Set<() => void>} */
  #listeners = new Set();
  /** @param {string} _ @param {() => void} listener */
  addEventListener(_, listener) {
    this.#listeners.add(listener);
  }
  /** @param {string} _ @param {() => void} listener */
  removeEventListener(_, listener) {
    this.#listeners.delete(listener);
  }
  /** @param {unknown} reason */
  stop(reason) {
    Object.assign(this, { aborted: true, reason });
    for (const listener of [...this.#listeners]) listener();
  }
}
class Controller {
  signal = new Signal();
  /** @param {unknown} reason */
  abort(reason) {
    this.signal.stop(reason);
  }
}
class Address {
  /** @param {string} path @param {string} base */
  constructor(path, base) {
    this.href = new URL(path, base).href;
  }
}
const globals = { Buffer, process, performance, setTimeout, clearTimeout, TextDecoder, TextEncoder };
const context = createContext({ ...globals, AbortController: Controller, AbortSignal: Signal, URL: Address });

/** @type {Map<string, import('node:vm').Module>} */
const modules = new Map();
/** @param {string} specifier @param {string} from @returns {Promise<import('node:vm').Module>} */
async function load(specifier, from) {
  const id = isBuiltin(specifier) ? specifier : new URL(locate(specifier, from)).href;
  const module = modules.get(id) ?? (isBuiltin(id) ? await builtin(id) : source(id));
  modules.set(id, module);
  return module;
}
/** @param {string} specifier @param {string} from */
function locate(specifier, from) {
  if (/^(\.|file:)/.test(specifier)) return new URL(specifier, from);
  // Of msgpackr, `require` would find the CommonJS half.
  if (specifier === 'msgpackr/pack')
    return pathToFileURL(packages.resolve('msgpackr/pack').replace(/dist.*/, 'pack.js'));
  return pathToFileURL(packages.resolve(specifier));
}
const packages = createRequire(entry);
/** @param {string} id */
async function builtin(id) {
  const real = await import(id);
  const names = Object.keys(real);
  const evaluate = () => {
    for (const name of names) module.setExport(name, real[name]);
  };
  const module = new SyntheticModule(names, evaluate, { context, identifier: id });
  return module;
}
/** @param {string} id */
function source(id) {
  const initializeImportMeta = (/** @type {object} */ meta) => Object.assign(meta, { url: id });
  return new SourceTextModule(readFileSync(fileURLToPath(id), 'utf8'), {
    context,
    identifier: id,
    initializeImportMeta,
    importModuleDynamically: (specifier) => evaluated(specifier, id),
  });
}
/** @param {string} specifier @param {string} from */
async function evaluated(specifier, from) {
  const module = await load(specifier, from);
  if (module.status === 'unlinked') await module.link((next, { identifier }) => load(next, identifier));
  await module.evaluate();
  return module;
}

const module = await evaluated(entry, entry);
/** @type {any} */
const library = module.namespace;
const { createDecryptStream, createEncryptStream, decrypt, encrypt, engines, rawKey } = library;
const Bytes = runInContext('Uint8Array', context);
if (Buffer.alloc(1) instanceof Bytes) throw new Error('this is no realm of its own');

const keys = rawKey({
  name: 'k',
  key: Bytes.from({ length: 32 }, (/** @type {unknown} */ _, /** @type {number} */ i) => i),
});
const { signal } = new Controller();
const messages = [
  Buffer.alloc(70_000, 3),
  Bytes.from({ length: 70_000 }, (/** @type {unknown} */ _, /** @type {number} */ i) => i),
];
const opened = [];
for (const { suite, unavailable } of engines()) {
  for (const engine of ['native', 'node', 'noble'].filter((name) => !(name in unavailable))) {
    for (const message of messages) {
      const options = { keys, engine, suite, signal };
      const stream = createEncryptStream(options);
      stream.end(message);
      const sealed = [await encrypt(message, options), Buffer.concat(await stream.toArray())];
      for (const whole of sealed) {
        const open = createDecryptStream({ keys, engine, signal });
        open.end(whole);
        const both = [await decrypt(whole, { keys, engine }), Buffer.concat(await open.toArray())];
        if (both.some((plaintext) => Buffer.compare(plaintext, message) !== 0)) throw new Error('it differs');
      }
    }
    opened.push(`${suite} ${engine}`);
  }
}
console.log(JSON.stringify(opened));
