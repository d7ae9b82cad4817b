// @ts-check
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import { runChild } from '../child.mjs';
import { countFigure, ratioFigure, targetText, timeFigure } from '../figures.mjs';
import { timesAsFast } from '../measure/interleaved.mjs';
import { digits, range, row } from '../report/columns.mjs';
import { median } from '../statistics.mjs';
import { atLeast, atMost } from '../targets.mjs';

/** @typedef {import('../figures.mjs').Figure} Figure */
/** @typedef {import('./pino-process.mjs').PinoCase} PinoCase */
/** @typedef {import('./pino-process.mjs').PinoRun} PinoRun */

const ROUNDS = 5;
const LINES = 500_000;
const WARM_UP = 100_000;
const WIDTHS = [24, 12, 20, 10, 16];
const FIGURE_WIDTHS = [52, 10, 18, 18];

/** The targets of an archive with each compression beside `pino/file`; gzip has no target. */
const AIMS = /** @type {const} */ ({
  none: { rate: 'pinoStored', cpu: 'pinoStoredCpu' },
  zstd: { rate: 'pinoZstd', cpu: 'pinoZstdCpu' },
  gzip: undefined,
});

/**
 * A logger whose transport is an archive, beside one whose transport is a file: the same lines, in turn, each run in
 * its own process.
 *
 * @param {import('../report/part.mjs').Say} say
 * @param {{ folder: string | undefined }} options
 * @returns {Promise<import('../report/part.mjs').Findings>}
 */
export async function pinoPart(say, { folder: parent = tmpdir() }) {
  const hasZstd = 'zstdCompressSync' in zlib;
  const archives = /** @type {const} */ (['none', ...(hasZstd ? ['zstd'] : []), 'gzip']);
  const runs = await rounds(/** @type {PinoCase['kind'][]} */ (['file', ...archives]), parent);
  const theirs = runs.get('file') ?? [];
  const bytes = Math.round(median(theirs.map((run) => run.bytes)));
  say(`pino through a worker, ${LINES} lines of ${bytes} bytes: medians of ${ROUNDS} rounds in turn, after`);
  say(
    `${WARM_UP} lines that are not measured; from the first line until all are written and the thread is gone\n`,
  );
  say(row(['', 'lines/s', 'p5 – p95', 'CPU, µs', 'p5 – p95'], WIDTHS));
  const measurements = [...runs].map(([kind, of]) => told(say, kind, of));
  const figures = archives.flatMap((kind) =>
    figuresOf(
      /** @type {keyof typeof AIMS} */ (kind),
      runs.get(/** @type {PinoCase['kind']} */ (kind)) ?? [],
      theirs,
    ),
  );
  say('');
  for (const figure of figures) say(figureRow(figure));
  const leftOut = hasZstd ? [] : [`pino, zstd: Node ${process.versions.node} has none`];
  return { figures, measurements, leftOut };
}

/**
 * @param {readonly PinoCase['kind'][]} kinds
 * @param {string} parent
 * @returns {Promise<Map<PinoCase['kind'], PinoRun[]>>}
 */
async function rounds(kinds, parent) {
  const runs = new Map(kinds.map((kind) => [kind, /** @type {PinoRun[]} */ ([])]));
  const order = [...kinds];
  for (let round = 0; round < ROUNDS; round++) {
    for (const kind of order) runs.get(kind)?.push(await run(kind, parent));
    order.reverse();
  }
  return runs;
}

/**
 * @param {PinoCase['kind']} kind
 * @param {string} parent
 * @returns {Promise<PinoRun>}
 */
async function run(kind, parent) {
  const folder = mkdtempSync(join(parent, 'sealpipe-bench-'));
  try {
    writeFileSync(join(folder, 'key'), '0f'.repeat(32), { mode: 0o600 });
    return await runChild('pino/pino-process.mjs', { kind, folder, lines: LINES, warmUp: WARM_UP });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {keyof typeof AIMS} kind
 * @param {readonly PinoRun[]} ours
 * @param {readonly PinoRun[]} theirs
 * @returns {Figure[]}
 */
function figuresOf(kind, ours, theirs) {
  const aim = AIMS[kind];
  const more = ours.map(({ cpu }, at) => (cpu - (theirs[at]?.cpu ?? Number.NaN)) * (1e6 / LINES));
  const lost = ours.map((one) => one.lost);
  return [
    ratioFigure(
      `pino, lines/s, archive (${kind}) / pino/file`,
      timesAsFast(ours, theirs),
      aim && atLeast(aim.rate),
    ),
    timeFigure(`pino, CPU a line above pino/file, archive (${kind})`, more, aim && atMost(aim.cpu)),
    countFigure(`pino, lines lost, archive (${kind})`, lost, atMost('pinoLost')),
  ];
}

/**
 * @param {import('../report/part.mjs').Say} say
 * @param {PinoCase['kind']} kind
 * @param {readonly PinoRun[]} runs
 */
function told(say, kind, runs) {
  const rates = runs.map(({ seconds }) => LINES / seconds);
  const cpus = runs.map(({ cpu }) => (cpu * 1e6) / LINES);
  const name = kind === 'file' ? 'pino/file' : `archive, ${kind}`;
  const [rate, cpu] = [ratioFigure(name, rates), timeFigure(name, cpus)];
  say(row([name, digits(rate.value, 0), range(rate, 0), cpu.value, range(cpu)], WIDTHS));
  return { name: `pino, ${name}`, rate: rate.value, cpu: cpu.value, rates, cpus };
}

/** @param {Figure} figure */
function figureRow(figure) {
  const decimals = figure.unit === 'lines' ? 0 : 2;
  const cells = [digits(figure.value, decimals), range(figure, decimals), targetText(figure)];
  return row([figure.name, ...cells], FIGURE_WIDTHS);
}
