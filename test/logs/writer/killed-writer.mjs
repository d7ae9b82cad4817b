/*
 * node killed-writer.mjs MODULE DIRECTORY FIRST POINT
 *
 * Writes numbered lines from FIRST on to an archive, with the inner modules that MODULE exports, and prints how far they
 * are written. Kills itself in the call POINT of the file system: of a write, half is done then. SIGTERM ends it in order.
 */
import { writeSync } from 'node:fs';
import { kill, pid } from 'node:process';

const [, , module = '', directory = '', first = '0', point = '-1'] = process.argv;

/**
 * @typedef {typeof import('../../../src/files/heads/system-files.js')} SystemFiles
 * @typedef {typeof import('../../../src/keys/raw.js')} RawKeys
 * @typedef {typeof import('../../../src/logs/writer/open-log-writer.js')} Writers
 * @typedef {typeof import('../../../src/logs/writer/options/log-options.js')} Options
 * @typedef {typeof import('../../../src/logs/archive/lock/process-identity.js')} Identities
 */
/** @type {SystemFiles & RawKeys & Writers & Options & Identities} */
const { systemFiles, rawKey, openOn, logSettings, systemProcesses } = await import(module);

let calls = 0;

/** @param {(() => Promise<unknown>)=} half */
async function count(half) {
  if (calls++ !== Number(point)) return;
  await half?.();
  kill(pid, 'SIGKILL');
}

/** @param {import('../../../src/file-system.js').OpenFile} file */
function watchedFile(file) {
  return {
    ...Object.fromEntries(
      ['read', 'truncate', 'facts', 'lock', 'takeRightsOf', 'close'].map((name) => [
        name,
        (/** @type {unknown[]} */ ...all) => Reflect.apply(Reflect.get(file, name), file, all),
      ]),
    ),
    write: async (/** @type {Uint8Array} */ bytes, /** @type {number} */ position) => {
      await count(() => file.write(bytes.subarray(0, bytes.length / 2), position));
      return file.write(bytes, position);
    },
    sync: () => count().then(() => file.sync()),
    datasync: () => count().then(() => file.datasync()),
  };
}

const files = {
  ...systemFiles,
  open: async (
    /** @type {string} */ path,
    /** @type {import('../../../src/file-system.js').OpenWish} */ wish,
  ) => {
    await count();
    return /** @type {import('../../../src/file-system.js').OpenFile} */ (
      /** @type {unknown} */ (watchedFile(await systemFiles.open(path, wish)))
    );
  },
  link: (/** @type {string} */ from, /** @type {string} */ to) =>
    count().then(() => systemFiles.link(from, to)),
  rename: (/** @type {string} */ from, /** @type {string} */ to) =>
    count().then(() => systemFiles.rename(from, to)),
  unlink: (/** @type {string} */ path) => count().then(() => systemFiles.unlink(path)),
  syncFolder: (/** @type {string} */ folder) => count().then(() => systemFiles.syncFolder(folder)),
};

/** Waits while whoever reads it stands still. @param {number} lines */
function say(lines) {
  for (;;) {
    try {
      writeSync(1, `${lines}\n`);
      return;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

const settings = logSettings({
  keys: rawKey({ name: 'test', key: Buffer.alloc(32, 7) }),
  directory,
  compress: false,
  rotate: { bytes: 8_192 },
  flush: { interval: 5, bytes: 2_048 },
});
const writer = await openOn({ files, processes: systemProcesses() }, settings);
let next = Number(first);
writer.on('positions', ({ written }) => say(Number(first) + written.records));
const timer = setInterval(() => {
  for (let i = 0; i < 10; i++) {
    writer.append(`line ${next} ${'x'.repeat(next % 200)}`);
    next += 1;
  }
}, 2);
process.on('SIGTERM', () => {
  clearInterval(timer);
  writer.end().then(() => say(next));
});
