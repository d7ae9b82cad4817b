// @ts-check
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as zlib from 'node:zlib';
import { runChild } from '../child.mjs';
import { runCommand } from '../files/command-run.mjs';

/** @typedef {import('./writing-process.mjs').Writing} Writing */
/** @typedef {import('./writing-process.mjs').Written} Written */

const COMMAND = fileURLToPath(new URL('../../dist/sealpipe.js', import.meta.url));

/** The compressions that this Node has, and none. @type {readonly Writing['compress'][]} */
export const COMPRESSIONS = [
  false,
  ...('zstdCompressSync' in zlib ? [/** @type {const} */ ('zstd')] : []),
  'gzip',
];

/** Archives in a folder, all under one key. */
export class Archives {
  #folder;
  #key;

  /** @param {string} folder */
  constructor(folder) {
    this.#folder = folder;
    this.#key = `file:${join(folder, 'key')}`;
    writeFileSync(join(folder, 'key'), Buffer.alloc(32, 7), { mode: 0o600 });
  }

  /** The folder of an archive. @param {string} name */
  path(name) {
    const path = join(this.#folder, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  /**
   * Writes an archive in its own process.
   *
   * @param {string} name
   * @param {Pick<Writing, 'compress' | 'lines'>} what
   * @returns {Promise<Written>}
   */
  write(name, what) {
    return runChild('logs/writing-process.mjs', { ...what, directory: this.path(name), key: this.#key });
  }

  /**
   * Makes an archive in which nearly all segments are empty files.
   *
   * @param {string} name
   * @returns {Promise<{ since: string, until: string, segments: number }>} an hour of it
   */
  makeYear(name) {
    return runChild('logs/hour-process.mjs', { directory: this.path(name), key: this.#key });
  }

  /**
   * Prints an archive to /dev/null with the command.
   *
   * @param {string} name
   * @param {readonly string[]} [options]
   */
  async cat(name, options = []) {
    const command = [process.execPath, COMMAND, 'logs', 'cat', '-k', this.#key, ...options, this.path(name)];
    const output = openSync(devNull, 'w');
    try {
      return await runCommand(command, { environment: process.env, output });
    } finally {
      closeSync(output);
    }
  }
}
