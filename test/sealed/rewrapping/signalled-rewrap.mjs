/*
 * node signalled-rewrap.mjs MODULE FILE POINT MOMENT SIGNAL WAY
 *
 * Re-wraps FILE from the raw key `old` to the raw key `new`, with the inner modules that MODULE exports, and sends
 * SIGNAL to itself at the call POINT of the file system: before it, in the middle of it (a write of which half is done),
 * or after it. Prints how many calls there were.
 */
import { kill, pid } from 'node:process';

const [, , module = '', path = '', point, moment, signal = '', way] = process.argv;

/**
 * @typedef {typeof import('../../../src/files/heads/system-files.js')} SystemFiles
 * @typedef {typeof import('../../../src/keys/raw.js')} RawKeys
 * @typedef {typeof import('../../../src/sealed/rewrapping/rewrap.js')} Rewraps
 */
/** @type {SystemFiles & RawKeys & Rewraps} */
const { systemFiles, rawKey, rewrapOn } = await import(module);

let calls = 0;

/**
 * @template T
 * @param {(() => Promise<unknown>) | undefined} half
 * @param {() => Promise<T>} call
 */
async function counted(half, call) {
  const isHere = calls++ === Number(point);
  if (isHere && moment === 'before') kill(pid, /** @type {NodeJS.Signals} */ (signal));
  if (isHere && moment === 'amid' && half !== undefined) {
    await half();
    kill(pid, /** @type {NodeJS.Signals} */ (signal));
  }
  const answer = await call();
  if (isHere && moment === 'after') kill(pid, /** @type {NodeJS.Signals} */ (signal));
  return answer;
}

/** @param {import('../../../src/file-system.js').OpenFile} file */
function watchedFile(file) {
  /** @type {import('../../../src/file-system.js').OpenFile & { inner: typeof file }} */
  const watched = {
    read: (memory, position) => file.read(memory, position),
    write: (bytes, position) =>
      counted(
        () => file.write(bytes.subarray(0, bytes.length / 2), position),
        () => file.write(bytes, position),
      ),
    truncate: (length) => counted(undefined, () => file.truncate(length)),
    sync: () => counted(undefined, () => file.sync()),
    datasync: () => counted(undefined, () => file.datasync()),
    facts: () => file.facts(),
    lock: () => file.lock(),
    takeRightsOf: (other) =>
      counted(undefined, () => file.takeRightsOf(/** @type {typeof watched} */ (other).inner)),
    close: () => counted(undefined, () => file.close()),
    inner: file,
  };
  return watched;
}

/** @type {import('../../../src/file-system.js').FileSystem} */
const watchedFiles = {
  ...systemFiles,
  open: (name, wish) => counted(undefined, async () => watchedFile(await systemFiles.open(name, wish))),
  rename: (from, to) => counted(undefined, () => systemFiles.rename(from, to)),
  unlink: (name) => counted(undefined, () => systemFiles.unlink(name)),
  syncFolder: (name) => counted(undefined, () => systemFiles.syncFolder(name)),
};

/** @param {string} name */
const raw = (name) => rawKey({ name, key: Buffer.alloc(32, name) });
const long = Array.from({ length: 8 }, (_, i) => raw(`${i}`.padEnd(100, 'x')));
const to = way === 'copy' ? [raw('new'), ...long] : raw('new');
try {
  await rewrapOn(watchedFiles, path, { keys: raw('old'), to });
  console.log(calls);
} catch (error) {
  console.log(/** @type {{ code?: string }} */ (error).code);
}
