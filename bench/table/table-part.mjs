// @ts-check
import { engines } from 'sealpipe';
import { runChild } from '../child.mjs';
import { checkAll } from '../contenders/check-all.mjs';
import { nameOf } from '../contenders/contender.mjs';
import { ratioFigure } from '../figures.mjs';
import { STEADY_MALLOC } from '../measure/steady-malloc.mjs';
import { digits, range, row } from '../report/columns.mjs';
import { formatSize, MIB } from '../sizes.mjs';
import { spread } from '../statistics.mjs';
import { peerCases, selectedCases, shownCases } from './cases.mjs';

/** @typedef {import('./cases.mjs').Case} Case */

const WIDTHS = [62, 8, 17, 8, 9, 9, 9, 9, 10, 16];
const HEAD = [
  '',
  'GB/s',
  'p5 – p95',
  'of raw',
  'CPU s',
  'GC ms',
  'buffers',
  'heap MB',
  'peak MiB',
  'delay ms',
];

/**
 * Runs every case in its own process, and prints its row as soon as it is done: the selected cases, or the default
 * ones.
 *
 * @param {import('../report/part.mjs').Say} say
 * @param {{ selection: import('./cases.mjs').Selection | undefined, full: boolean }} options
 * @returns {Promise<import('../report/part.mjs').Findings>}
 */
export async function tablePart(say, { selection, full }) {
  const report = engines();
  const cases =
    selection === undefined
      ? [...peerCases(), ...shownCases(report)]
      : selectedCases(selection, full, report);
  if (cases.length === 0) throw new Error('no engine here serves such a case');
  return measuredTable(say, cases);
}

/**
 * @param {import('../report/part.mjs').Say} say
 * @param {readonly Case[]} cases
 * @returns {Promise<import('../report/part.mjs').Findings>}
 */
export async function measuredTable(say, cases) {
  await checkAll(cases);
  say('whole streams from memory to a null sink, each case in a process of its own (bench/README.md)');
  say('CPU, GC, buffers (GB) and heap are per GB; delay is that of the event loop, p99 / max\n');
  say(row(HEAD, WIDTHS));
  const figures = [];
  const measurements = [];
  for (const one of cases) {
    const measured = await runChild('table/case-process.mjs', one, STEADY_MALLOC);
    const name = caseName(one);
    say(caseRow(name, measured));
    const { ratios, ...rest } = measured;
    measurements.push({ name, ...one, ...rest });
    if (one.contender.kind !== 'raw') figures.push(ratioFigure(`${name} / raw stream`, ratios));
  }
  return { figures, measurements };
}

/** @param {Case} one */
export function caseName({ contender, direction, chunkSize }) {
  const words = [direction, nameOf(contender).replace('sealpipe ', '')];
  if ('suite' in contender) words.push(contender.suite);
  if (contender.kind === 'sealpipe')
    words.push(contender.layout, `${formatSize(contender.frameSize)} / ${formatSize(chunkSize)}`);
  return words.join(', ');
}

/**
 * @param {string} name
 * @param {any} measured
 */
function caseRow(name, { rates, ratios, cpu, collecting, external, heap, peak, delay }) {
  return row(
    [
      name,
      spread(rates).median,
      range(spread(rates)),
      spread(ratios).median,
      cpu,
      digits(collecting, 1),
      external,
      digits(heap * 1000, 1),
      digits(peak / MIB, 0),
      `${digits(delay.p99, 1)} / ${digits(delay.max, 1)}`,
    ],
    WIDTHS,
  );
}
