import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a file under a temporary name of this process and then renames it: nobody sees it half-written, and a process
 * that has loaded the previous file keeps it.
 *
 * @param {string} target
 * @param {(path: string) => string | undefined | void} make
 * @returns {string | undefined} why it was not made
 */
export function makeWhole(target, make) {
  const [, ending = ''] = /(\.[a-z]+)$/.exec(target) ?? [];
  const path = `${target}.${process.pid}${ending}`;
  try {
    mkdirSync(dirname(target), { recursive: true });
    const failure = make(path) ?? undefined;
    if (failure === undefined) renameSync(path, target);
    return failure;
  } finally {
    rmSync(path, { force: true });
  }
}

/** @param {string} target @param {string | Uint8Array} content */
export function writeWhole(target, content) {
  makeWhole(target, (path) => writeFileSync(path, content));
}
