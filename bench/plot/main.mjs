// @ts-check
/*
 * Draws the chart of the README.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { engines } from 'sealpipe';
import { hardwareText, machine } from '../machine.mjs';
import { majorsOf, runOnNodes } from '../nodes/run-on-node.mjs';
import { loadResults } from '../report/results.mjs';
import { measuredTable } from '../table/table-part.mjs';
import { chartSvg } from './chart.mjs';
import { panelOf, plottedCases, SERIES } from './panel.mjs';

/** @typedef {import('../machine.mjs').Machine} Machine */
/** @typedef {import('../report/part.mjs').Measurement} Measurement */
/** @typedef {{ machine: Machine, measurements: readonly Measurement[] }} Source */

const USAGE = `npm run bench:plot -- [FILE… | --nodes 20,24] [-o FILE]

Draws docs/bench.svg, or the FILE of -o, with one panel for each saved run FILE…,
which must include the table, or for each version of --nodes, which is measured now.
With neither, it measures this Node.`;

const { values, positionals } = parseArgs({
  options: {
    nodes: { type: 'string' },
    output: {
      type: 'string',
      short: 'o',
      default: fileURLToPath(new URL('../../docs/bench.svg', import.meta.url)),
    },
    help: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

if (values.help) console.log(USAGE);
else draw(await sources());

/** @returns {Promise<Source[]>} */
async function sources() {
  if (positionals.length > 0) return positionals.map((path) => loadResults(path));
  if (values.nodes !== undefined) {
    /** @type {Source[]} */
    const found = [];
    runOnNodes(majorsOf(values.nodes), ['--part', 'chart'], (results) => found.push(results), console.log);
    return found;
  }
  const { measurements = [] } = await measuredTable(console.log, plottedCases(engines()));
  return [{ machine: machine(), measurements }];
}

/** @param {readonly Source[]} all */
function draw(all) {
  const cases = plottedCases(engines());
  const panels = all.map(({ machine: { node }, measurements }) =>
    panelOf(`Node ${node.replace('v', '')}`, cases, measurements),
  );
  const [first] = all;
  if (first === undefined || panels.some(({ rows }) => rows.length === 0))
    throw new Error('there is nothing to draw: a saved run must include the table');
  const svg = chartSvg({
    title: 'Sealing and opening a stream: AES-256-GCM, 64 KiB chunks, memory to null sink',
    unit: 'GB/s; whiskers from the 5th to the 95th percentile',
    series: SERIES,
    panels,
    notes: [
      '64 KiB frames unless said otherwise; age is ChaCha20-Poly1305; the AWS ESDK signs by default',
      hardwareText(first.machine),
    ],
  });
  writeFileSync(values.output, svg);
  console.log(`${values.output} is drawn`);
}
