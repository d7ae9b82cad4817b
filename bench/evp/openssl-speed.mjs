// @ts-check
import { spawnSync } from 'node:child_process';

/**
 * The speed that `openssl speed` reports. It works on one buffer in the caches, and its OpenSSL may differ from the one
 * inside Node.
 *
 * @param {number} size bytes of the buffer
 * @returns {{ rate: number, version: string } | { why: string }} GB/s, or why there is no figure
 */
export function opensslSpeed(size) {
  const { error, stdout: version } = spawnSync('openssl', ['version'], { encoding: 'utf8' });
  if (error !== undefined) return { why: 'the command is not on this machine' };
  const words = ['speed', '-mr', '-seconds', '1', '-bytes', String(size), '-evp', 'aes-256-gcm'];
  const { stdout } = spawnSync('openssl', words, { encoding: 'utf8' });
  const rate = parsedRate(stdout);
  if (Number.isNaN(rate)) return { why: `${version.trim()} does not take openssl ${words.join(' ')}` };
  return { rate, version: version.trim().split(' ').slice(0, 2).join(' ') };
}

/**
 * @param {string} output of `openssl speed -mr` with one size
 * @returns {number} GB/s; NaN if the output has no rate
 */
export function parsedRate(output) {
  const [, rate] = /^\+F:\d+:[^:]+:([\d.]+)$/m.exec(output) ?? [];
  return Number(rate) / 1e9;
}
