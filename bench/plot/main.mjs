// @ts-check
/*
 * Draws the chart of the README. With files that `npm run bench -- --save FILE` wrote it draws those, a panel for
 * each; without, it measures what it needs.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { engines } from 'sealpipe';
import { hardwareText, machine } from '../machine.mjs';
import { loadResults } from '../report/results.mjs';
import { measuredTable } from '../table/table-part.mjs';
import { chartSvg } from './chart.mjs';
import { panelOf, plottedCases, SERIES } from './panel.mjs';

const { values, positionals } = parseArgs({
  options: { output: { type: 'string', short: 'o' } },
  allowPositionals: true,
});
const root = fileURLToPath(new URL('../..', import.meta.url));
const output = values.output ?? join(root, 'docs/bench.svg');
const cases = plottedCases(engines());

const sources =
  positionals.length > 0
    ? positionals.map((path) => loadResults(path))
    : [{ machine: machine(), ...(await measuredTable(console.log, cases)) }];
const panels = sources.map(({ machine: { node }, measurements = [] }) =>
  panelOf(`Node ${node.replace('v', '')}`, cases, measurements),
);
if (panels.some(({ rows }) => rows.length === 0))
  throw new Error('a file has none of the cases: it needs the table');
const [first] = sources;
const svg = chartSvg({
  title: 'Sealing and opening a stream: AES-256-GCM, 64 KiB chunks, memory to null sink',
  unit: 'GB/s; whiskers from the 5th to the 95th percentile',
  series: SERIES,
  panels,
  notes: [
    '64 KiB frames where not said otherwise; age is ChaCha20-Poly1305; the AWS ESDK default signs',
    first === undefined ? '' : hardwareText(first.machine),
  ],
});
writeFileSync(output, svg);
console.log(`${output} is drawn`);
