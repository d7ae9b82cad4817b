// @ts-check
/*
 * The bench on several versions of Node, and their ratios side by side.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { machineText } from '../machine.mjs';
import { parseResults, saveResults } from '../report/results.mjs';
import { nodeBinary } from './node-binary.mjs';
import { sideBySide } from './side-by-side.mjs';

const USAGE = `npm run bench:matrix -- [--nodes 20,22,24,26] [--save FOLDER] [-- OPTIONS OF THE BENCH]

Runs the bench (--quick unless told otherwise) on each version of Node, and prints
the ratios side by side. Versions that are not there are installed into .ci/nodes.
With --save, what each of them found goes to FOLDER/node-MAJOR.json.`;

const BENCH = fileURLToPath(new URL('../main.mjs', import.meta.url));
const { values, positionals } = parseArgs({
  options: {
    nodes: { type: 'string', default: '20,22,24,26' },
    save: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

if (values.help) console.log(USAGE);
else matrix(values.nodes.split(',').map(Number), positionals.length > 0 ? positionals : ['--quick']);

/**
 * @param {readonly number[]} majors
 * @param {readonly string[]} options
 */
function matrix(majors, options) {
  const runs = [];
  for (const major of majors) {
    const node = nodeBinary(major);
    if ('why' in node) {
      console.log(`Node ${major} is left out: ${node.why}`);
      continue;
    }
    const run = runOn(node.path, options);
    console.log(machineText(run.machine));
    if (values.save !== undefined) {
      mkdirSync(values.save, { recursive: true });
      saveResults(join(values.save, `node-${major}.json`), run);
    }
    runs.push(run);
  }
  if (runs.length > 0) console.log(`\n${sideBySide(runs).join('\n')}`);
  else process.exitCode = 1;
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
