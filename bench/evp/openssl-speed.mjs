// @ts-check
import { spawnSync } from 'node:child_process';

/**
 * What the `openssl` command says of its own speed, which is that of one buffer in the caches, and of an OpenSSL that
 * need not be the one inside Node.
 *
 * @param {number} size bytes of the buffer
 * @returns {{ rate: number, version: string } | { why: string }} GB/s, or why it does not say
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
 * @returns {number} GB/s; NaN where there is none
 */
export function parsedRate(output) {
  const [, rate] = /^\+F:\d+:[^:]+:([\d.]+)$/m.exec(output) ?? [];
  return Number(rate) / 1e9;
}
