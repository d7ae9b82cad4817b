// @ts-check
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { peakMemory } from '../measure/peak-memory.mjs';

/**
 * @typedef {object} CommandRun
 * @property {number} seconds from its start until it has ended and its output is on the disk
 * @property {number} cpu seconds of CPU; NaN if the system does not report it
 * @property {number} peak bytes of memory, as seen every few milliseconds
 */

/** Ticks of the clock with which Linux counts the time of processes. */
const TICKS_PER_SECOND = 100;
const LOOK_EVERY = 10;

/**
 * Runs a command to its end.
 *
 * @param {readonly string[]} command
 * @param {{ environment: NodeJS.ProcessEnv, sync?: string | undefined, output?: number | undefined }} options
 *   `sync`: a file to sync to the disk afterwards, so that all measured commands do the same work; `output`: a
 *   descriptor for what the command prints
 * @returns {Promise<CommandRun>}
 * @throws Error if it fails
 */
export async function runCommand([name = '', ...args], { environment, sync, output }) {
  const cpuBefore = cpuOfChildren();
  const start = process.hrtime.bigint();
  const child = spawn(name, args, { env: environment, stdio: ['ignore', output ?? 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    complaint += text;
  });
  let peak = Number.NaN;
  const look = setInterval(() => {
    peak = peakMemory(child.pid) || peak;
  }, LOOK_EVERY);
  const [status, signal] = await once(child, 'close');
  clearInterval(look);
  if (status !== 0) throw new Error(`${name} ${args[0]} ended with ${signal ?? status}: ${complaint.trim()}`);
  if (sync !== undefined) spawnSync('sync', [sync]);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  return { seconds, cpu: cpuOfChildren() - cpuBefore, peak };
}

/** The version that a tool reports; undefined if it is missing. @param {string} name @param {string} [question] */
export function toolVersion(name, question = '--version') {
  const { error, stdout } = spawnSync(name, [question], { encoding: 'utf8' });
  return error === undefined ? (stdout.trim().split('\n')[0] ?? '') : undefined;
}

/** Seconds of CPU of all children that have ended. */
function cpuOfChildren() {
  try {
    const [, after = ''] = readFileSync('/proc/self/stat', 'latin1').split(/\) (?=[^)]*$)/);
    const fields = after.split(' ');
    // cutime and cstime, fields 16 and 17; `after` begins with the third.
    return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
  } catch {
    return Number.NaN;
  }
}
