// @ts-check
import { spawnSync } from 'node:child_process';
import { createDecipheriv, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Decrypter } from 'age-encryption';
import { decrypt, rawKey, readHeader } from 'sealpipe';
import { toolVersion } from './command-run.mjs';

/**
 * A program that works from file to file.
 *
 * @typedef {object} Tool
 * @property {string} name
 * @property {(input: string, output: string) => string[]} encrypt the command
 * @property {(input: string, output: string) => string[]} decrypt
 * @property {(sealed: Buffer) => Promise<Uint8Array>} openElsewhere by other code
 * @property {Readonly<Record<'encrypt' | 'decrypt', readonly string[]>>} [piped] the commands that read standard input
 *   and write standard output
 */

/**
 * The tools that are on this machine.
 *
 * @param {string} folder for their keys
 * @returns {{ tools: Tool[], leftOut: string[] }}
 */
export function tools(folder) {
  /** @type {Tool[]} */
  const found = [sealpipe(folder)];
  const leftOut = [];
  if (toolVersion('age') !== undefined && toolVersion('age-keygen') !== undefined) found.push(age(folder));
  else leftOut.push('age: the command is not on this machine');
  if (toolVersion('openssl', 'version') !== undefined) found.push(opensslEnc());
  else leftOut.push('openssl enc: the command is not on this machine');
  if (process.platform === 'win32') leftOut.push('cp: the command is not on this machine');
  else found.push(cp());
  return { tools: found, leftOut };
}

/** @param {string} folder @returns {Tool} */
function sealpipe(folder) {
  const executable = fileURLToPath(new URL('../../dist/sealpipe.js', import.meta.url));
  const path = join(folder, 'sealpipe.key');
  const key = randomBytes(32);
  writeFileSync(path, key, { mode: 0o600 });
  const piped = (/** @type {string} */ command) => [
    process.execPath,
    executable,
    command,
    '--key',
    `file:${path}`,
    '--quiet',
  ];
  const words =
    (/** @type {string} */ command) => (/** @type {string} */ input, /** @type {string} */ output) => [
      ...piped(command),
      input,
      '--output',
      output,
    ];
  return {
    name: 'sealpipe',
    encrypt: words('encrypt'),
    decrypt: words('decrypt'),
    piped: { encrypt: piped('encrypt'), decrypt: piped('decrypt') },
    async openElsewhere(sealed) {
      const { recipients } = await readHeader(sealed);
      return decrypt(sealed, { keys: rawKey({ name: recipients[0]?.key ?? '', key }), engine: 'node' });
    },
  };
}

/** @param {string} folder @returns {Tool} */
function age(folder) {
  const path = join(folder, 'age.key');
  spawnSync('age-keygen', ['-o', path]);
  const text = readFileSync(path, 'utf8');
  const [recipient = ''] = /age1\w+/.exec(text) ?? [];
  const [identity = ''] = /AGE-SECRET-KEY-\w+/.exec(text) ?? [];
  return {
    name: 'age',
    encrypt: (input, output) => ['age', '-r', recipient, '-o', output, input],
    decrypt: (input, output) => ['age', '-d', '-i', path, '-o', output, input],
    piped: { encrypt: ['age', '-r', recipient], decrypt: ['age', '-d', '-i', path] },
    openElsewhere(sealed) {
      const decrypter = new Decrypter();
      decrypter.addIdentity(identity);
      return decrypter.decrypt(sealed);
    },
  };
}

/** AES-256-CTR: `openssl enc` has no authenticated cipher. @returns {Tool} */
function opensslEnc() {
  const [key, iv] = [randomBytes(32), randomBytes(16)];
  const words = ['openssl', 'enc', '-aes-256-ctr', '-K', key.toString('hex'), '-iv', iv.toString('hex')];
  return {
    name: 'openssl enc, CTR',
    encrypt: (input, output) => [...words, '-in', input, '-out', output],
    decrypt: (input, output) => [...words, '-d', '-in', input, '-out', output],
    piped: { encrypt: words, decrypt: [...words, '-d'] },
    openElsewhere: async (sealed) => createDecipheriv('aes-256-ctr', key, iv).update(sealed),
  };
}

/** @returns {Tool} */
function cp() {
  const copy = (/** @type {string} */ input, /** @type {string} */ output) => ['cp', input, output];
  return { name: 'cp', encrypt: copy, decrypt: copy, openElsewhere: async (sealed) => sealed };
}
