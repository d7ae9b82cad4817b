// @ts-check
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {object} EvpAddon
 * @property {(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, frameSize: number, plaintext: Uint8Array, out: Uint8Array) => number} sealLoop
 *   seals the plaintext, which must be whole frames, into `out`, each frame followed by its tag; returns the seconds
 */

const require = createRequire(import.meta.url);

/**
 * Compiles the loop with the installed C compiler (CC, or cc) and loads it.
 *
 * @returns {EvpAddon | string} the addon, or why there is none
 */
export function evpAddon() {
  const headers = join(dirname(require.resolve('node-api-headers/package.json')), 'include');
  const [compiler = 'cc', ...flags] = (process.env['CC'] ?? '').split(/\s+/).filter((word) => word !== '');
  const folder = mkdtempSync(join(tmpdir(), 'sealpipe-evp-'));
  try {
    const target = join(folder, 'evp-loop.node');
    const source = fileURLToPath(new URL('./evp-loop.c', import.meta.url));
    const words = [...flags, '-std=c11', '-O2', '-fPIC', '-shared', '-Wl,-z,now', `-I${headers}`, source];
    const { error, status, stderr } = spawnSync(compiler, [...words, '-o', target], { encoding: 'utf8' });
    if (error !== undefined) return `there is no C compiler (${compiler} does not run)`;
    if (status !== 0) return `${compiler} failed: ${stderr.trim().split('\n')[0]}`;
    return require(target);
  } catch (error) {
    return `the loop in C does not load: ${/** @type {Error} */ (error).message.split('\n')[0]}`;
  } finally {
    rmSync(folder, { recursive: true, force: true }); // what is loaded stays mapped
  }
}
