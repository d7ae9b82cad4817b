// @ts-check
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseResults } from '../report/results.mjs';
import { nodeBinary } from './node-binary.mjs';

/** @typedef {import('../report/results.mjs').Results} Results */

const BENCH = fileURLToPath(new URL('../main.mjs', import.meta.url));

/**
 * Runs the bench on several versions of Node, one after another.
 *
 * @param {readonly number[]} majors
 * @param {readonly string[]} options of the bench
 * @param {(results: Results, major: number) => void} found is called as soon as a version has been measured
 * @param {(line: string) => void} say
 */
export function runOnNodes(majors, options, found, say) {
  for (const major of majors) {
    const node = nodeBinary(major);
    if ('why' in node) say(`Node ${major} is left out: ${node.why}`);
    else found(runOn(node.path, options), major);
  }
}

/**
 * @param {string} list such as `20,24`
 * @returns {number[]}
 * @throws Error if it is not such a list
 */
export function majorsOf(list) {
  const majors = list.split(',').map(Number);
  if (majors.every((major) => Number.isInteger(major) && major > 0)) return majors;
  throw new Error(`--nodes ${list}: it is a list of major versions such as 20,24`);
}

/**
 * @param {string} node
 * @param {readonly string[]} options
 */
function runOn(node, options) {
  const { status, stdout } = spawnSync(node, [BENCH, ...options, '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`the bench ended with status ${status} on ${node}`);
  return parseResults(stdout, 'what it printed');
}
