// @ts-check
// For the scripts that compare the peak memory of large and small runs: each run has its own process.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const MIB = 2 ** 20;
/** V8 grows the space for young objects the longer a process runs, which has nothing to do with a transfer. */
const FLAGS = ['--max-semi-space-size=4'];
/** The first argument of a process that does the work. */
const WORK = 'work';

/** @returns the arguments for the work of this process; undefined in the process that compares */
export function wordsOfWork() {
  const [first, ...words] = process.argv.slice(2);
  return first === WORK ? words : undefined;
}

/**
 * @param {string} script the URL of the script that does the work
 * @param {readonly string[]} words what `wordsOfWork` returns there
 * @returns {Promise<number>} the peak in bytes, which the script reports with `reportPeak`
 */
export async function peakOf(script, words) {
  const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
  const all = [...FLAGS, fileURLToPath(script), WORK, ...words];
  const child = spawn(process.execPath, all, { stdio: ['ignore', 'pipe', 'inherit'], env });
  let said = '';
  child.stdout.on('data', (text) => {
    said += text;
  });
  const [status] = await once(child, 'close');
  assert.equal(status, 0);
  const peak = Number(said);
  assert.ok(peak > 0, 'the process reported no peak');
  return peak;
}

/** Prints the peak memory of this process in bytes. */
export function reportPeak() {
  const [, peak] = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  console.log(Number(peak) * 1_024);
}

/** @param {number} bytes */
export function mib(bytes) {
  return `${Math.round(bytes / MIB)} MiB`;
}
