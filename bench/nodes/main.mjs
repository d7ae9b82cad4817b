// @ts-check
/*
 * The bench on several versions of Node, and their ratios side by side.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { machineText } from '../machine.mjs';
import { saveResults } from '../report/results.mjs';
import { majorsOf, runOnNodes } from './run-on-node.mjs';
import { sideBySide } from './side-by-side.mjs';

/** @typedef {import('../report/results.mjs').Results} Results */

const USAGE = `npm run bench:matrix -- [--nodes 20,22,24,26] [--save FOLDER] [-- OPTIONS OF THE BENCH]

Runs the bench (by default with --quick) on each version of Node, and prints the
ratios side by side. Missing versions are installed into .ci/nodes. With --save,
the results of each version go to FOLDER/node-MAJOR.json.`;

const { values, positionals } = parseArgs({
  options: {
    nodes: { type: 'string', default: '20,22,24,26' },
    save: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

if (values.help) console.log(USAGE);
else matrix(majorsOf(values.nodes), positionals.length > 0 ? positionals : ['--quick']);

/**
 * @param {readonly number[]} majors
 * @param {readonly string[]} options
 */
function matrix(majors, options) {
  /** @type {Results[]} */
  const runs = [];
  const keep = (/** @type {Results} */ results, /** @type {number} */ major) => {
    console.log(machineText(results.machine));
    runs.push(results);
    if (values.save === undefined) return;
    mkdirSync(values.save, { recursive: true });
    saveResults(join(values.save, `node-${major}.json`), results);
  };
  runOnNodes(majors, options, keep, console.log);
  if (runs.length > 0) console.log(`\n${sideBySide(runs).join('\n')}`);
  else process.exitCode = 1;
}
