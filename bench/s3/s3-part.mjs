// @ts-check
import { runChild } from '../child.mjs';
import { memoryFigure, ratioFigure, targetText } from '../figures.mjs';
import { timesAsFast } from '../measure/interleaved.mjs';
import { digits, range, row } from '../report/columns.mjs';
import { formatSize, MIB } from '../sizes.mjs';
import { median } from '../statistics.mjs';
import { atMost } from '../targets.mjs';
import { pipedUploads } from './piped-uploads.mjs';
import { StoreProcess } from './store-process.mjs';

/** @typedef {import('../report/part.mjs').Say} Say */
/** @typedef {import('./upload-process.mjs').UploadCase} UploadCase */
/** @typedef {import('./upload-process.mjs').UploadRun & { server: number }} Run `server`: seconds of its CPU */

const ROUNDS = 5;
const WARM_UP = 64 * MIB;
const WIDTHS = [28, 10, 15, 10, 12, 10];
const FIGURE_WIDTHS = [62, 10, 15, 18];
const KINDS = /** @type {const} */ (['sealpipe', 'lib-storage']);
/** A server of this speed is slower than any cipher, and more bytes than this would show nothing new. */
const SLOW = { bytesPerSecond: 100e6, most: 256 * MIB };

/**
 * `encryptObject` beside lib-storage's `Upload` with our stream as its body, over https, to a store that keeps nothing
 * and has its own process.
 *
 * @param {Say} say
 * @param {{ size: number, folder: string | undefined }} options `folder`: of the file that is read through a pipe
 * @returns {Promise<import('../report/part.mjs').Findings>}
 */
export async function s3Part(say, { size, folder }) {
  say(
    `${formatSize(size)} in parts of 8 MiB, 4 in flight, over https: medians of ${ROUNDS} rounds in turn, each in`,
  );
  say('a process of its own, after an upload that is not measured\n');
  say(row(['', 'CPU s/GB', 'p5 – p95', 'lowest', 'server CPU', 'GB/s'], WIDTHS));
  const { costs, peaks, idle } = await fastRuns(size);
  const slow = await slowPeaks(size);
  const measurements = KINDS.map((kind) => told(say, kind, size, costs[kind]));
  const { sealpipe, 'lib-storage': theirs } = costs;
  // The lowest CPU time of each: other work of the machine only adds to it.
  const least = Math.min(...sealpipe.map(({ cpu }) => cpu)) / Math.min(...theirs.map(({ cpu }) => cpu));
  const above = (/** @type {readonly Run[]} */ runs) => runs.map(({ peak }) => (peak - idle) / MIB);
  const figures = [
    ratioFigure(
      's3, CPU, encryptObject / lib-storage',
      timesAsFast(theirs, sealpipe, 'cpu'),
      atMost('s3Cpu'),
    ),
    ratioFigure('s3, CPU, encryptObject / lib-storage, lowest of each', [least], atMost('s3Cpu')),
    ratioFigure('s3, seconds, encryptObject / lib-storage', timesAsFast(theirs, sealpipe)),
    memoryFigure('s3, memory above an idle process', above(peaks.sealpipe), atMost('s3Memory')),
    memoryFigure('s3, memory above an idle process, slow server', above(slow), atMost('s3Memory')),
    memoryFigure('s3, memory above an idle process, lib-storage', above(peaks['lib-storage'])),
  ];
  say('');
  for (const figure of figures) say(figureRow(figure));
  say('');
  const piped = await pipedUploads(say, { size, folder });
  for (const figure of piped.figures) say(figureRow(figure));
  return {
    figures: [...figures, ...piped.figures],
    measurements: [...measurements, ...(piped.measurements ?? [])],
    leftOut: piped.leftOut ?? [],
  };
}

/** @param {number} size */
async function fastRuns(size) {
  const store = await StoreProcess.start();
  try {
    /** @type {Record<UploadCase['kind'], Run[]>} */
    const costs = { sealpipe: [], 'lib-storage': [], idle: [] };
    const peaks = structuredClone(costs);
    const order = [...KINDS];
    for (let round = 0; round < ROUNDS; round++) {
      for (const kind of order) {
        costs[kind].push(await run(store, { kind, size, warmUp: WARM_UP }));
        if (round % 2 === 0) peaks[kind].push(await run(store, { kind, size, warmUp: 0 }));
      }
      peaks.idle.push(await run(store, { kind: 'idle', size: 0, warmUp: 0 }));
      order.reverse();
    }
    return { costs, peaks, idle: median(peaks.idle.map(({ peak }) => peak)) };
  } finally {
    await store.stop();
  }
}

/** @param {number} size */
async function slowPeaks(size) {
  const store = await StoreProcess.start(SLOW.bytesPerSecond);
  try {
    const runs = [];
    for (let round = 0; round < 3; round++)
      runs.push(await run(store, { kind: 'sealpipe', size: Math.min(size, SLOW.most), warmUp: 0 }));
    return runs;
  } finally {
    await store.stop();
  }
}

/**
 * @param {StoreProcess} store
 * @param {Pick<UploadCase, 'kind' | 'size' | 'warmUp'>} which
 * @returns {Promise<Run>}
 */
async function run(store, which) {
  const before = await store.cpu();
  const { port, ca } = store;
  const measured = await runChild('s3/upload-process.mjs', { ...which, port, ca });
  return { ...measured, server: (await store.cpu()) - before };
}

/**
 * @param {Say} say
 * @param {string} kind
 * @param {number} size
 * @param {readonly Run[]} runs
 */
function told(say, kind, size, runs) {
  const gigabytes = size / 1e9;
  const cpu = runs.map((one) => one.cpu / gigabytes);
  // The server also handled the upload before the measured one.
  const server = median(runs.map((one) => one.server)) / (gigabytes + WARM_UP / 1e9);
  const rate = gigabytes / median(runs.map(({ seconds }) => seconds));
  const { value, low, high } = ratioFigure(kind, cpu);
  say(row([kind, value, range({ low, high }), digits(Math.min(...cpu), 2), server, rate], WIDTHS));
  return { name: `s3, ${kind}`, size, cpu, server, rate };
}

/** @param {import('../figures.mjs').Figure} figure */
function figureRow(figure) {
  const decimals = figure.unit === 'MiB' ? 0 : 2;
  const cells = [digits(figure.value, decimals), range(figure, decimals), targetText(figure)];
  return row([figure.name, ...cells], FIGURE_WIDTHS);
}
