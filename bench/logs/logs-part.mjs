// @ts-check
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild } from '../child.mjs';
import { memoryFigure, plainFigure, targetText } from '../figures.mjs';
import { digits, range, row } from '../report/columns.mjs';
import { formatSize, MIB } from '../sizes.mjs';
import { median, quantile } from '../statistics.mjs';
import { atLeast, atMost } from '../targets.mjs';
import { Archives, COMPRESSIONS } from './archives.mjs';

/** @typedef {import('../report/part.mjs').Say} Say */
/** @typedef {import('../figures.mjs').Figure} Figure */
/** @typedef {import('../report/part.mjs').Findings} Findings */

const LINES = 500_000;
const ROUNDS = 3;
/** About 1 GiB of text. */
const CAT_LINES = 6_000_000;
const FEW = 1_000_000;
const MANY = 10_000_000;
const INTERVAL = 100;
const FOLLOWED = 100;
const WIDTHS = [24, 14, 14];
const CAT_WIDTHS = [24, 12, 12, 14];
const FIGURE_WIDTHS = [62, 10, 15, 18];
const MEMORY = '/dev/shm';

/**
 * What a line costs the writer of a log archive, with everything that makes it durable; how fast the command prints
 * lines, how soon a reader gets them, and how much memory both take.
 *
 * @param {Say} say
 * @param {{ folder: string | undefined }} options
 * @returns {Promise<Findings>}
 */
export async function logsPart(say, { folder: parent = tmpdir() }) {
  const folder = mkdtempSync(join(parent, 'sealpipe-bench-'));
  const fast = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : parent, 'sealpipe-bench-'));
  try {
    const measurements = await writers(say, new Archives(folder));
    const figures = [
      ...(await cats(say, new Archives(fast))),
      ...(await followed(folder)),
      ...(await memory(new Archives(fast))),
      await hour(new Archives(fast)),
    ];
    say('');
    for (const figure of figures) say(figureRow(figure));
    const hasZstd = COMPRESSIONS.includes('zstd');
    const leftOut = hasZstd ? [] : [`logs, zstd: Node ${process.versions.node} has none`];
    return { figures, measurements, leftOut };
  } finally {
    for (const made of [folder, fast]) rmSync(made, { recursive: true, force: true });
  }
}

/**
 * @param {Say} say
 * @param {Archives} archives
 */
async function writers(say, archives) {
  say(`the writer of a log archive alone, ${LINES} lines\n`);
  say(row(['compression', 'lines/s', 'CPU, µs a line'], WIDTHS));
  const measurements = [];
  for (const compress of COMPRESSIONS) {
    const name = `logs, ${compress || 'none'}`;
    const { seconds, cpu } = await archives.write(name, { compress, lines: LINES });
    const measured = { perSecond: LINES / seconds, cpu: cpu / LINES };
    say(row([name, String(Math.round(measured.perSecond)), measured.cpu.toFixed(2)], WIDTHS));
    measurements.push({ name, ...measured });
  }
  return measurements;
}

/**
 * @param {Say} say
 * @param {Archives} archives
 * @returns {Promise<Figure[]>}
 */
async function cats(say, archives) {
  say(`\nlogs cat to /dev/null, the fastest of ${ROUNDS} runs\n`);
  say(row(['compression', 'of text', 'MB/s', 'MB a CPU s'], CAT_WIDTHS));
  const figures = [];
  for (const compress of COMPRESSIONS) {
    const name = `logs cat, ${compress || 'none'}`;
    const { bytes } = await archives.write(name, { compress, lines: CAT_LINES });
    const runs = [];
    for (let round = 0; round < ROUNDS; round++) runs.push(await archives.cat(name));
    rmSync(archives.path(name), { recursive: true });
    const byClock = Math.max(...runs.map(({ seconds }) => bytes / 1e6 / seconds));
    const byCpu = runs.map(({ cpu }) => bytes / 1e6 / cpu);
    const text = formatSize(Math.round(bytes / MIB) * MIB);
    say(row([name, text, digits(byClock, 0), digits(median(byCpu), 0)], CAT_WIDTHS));
    // One thread does nearly all of the work: this is its speed on an idle machine, even if this one is busy.
    figures.push(
      plainFigure(`${name}, in a second of CPU`, 'MB/s', median(byCpu), byCpu, atLeast('logsCat')),
    );
  }
  return figures;
}

/**
 * @param {string} folder
 * @returns {Promise<Figure[]>}
 */
async function followed(folder) {
  const directory = join(folder, 'followed');
  /** @type {number[]} */
  const late = await runChild('logs/follow-process.mjs', { directory, interval: INTERVAL, lines: FOLLOWED });
  const name = `from append to a reader that follows, behind the interval of ${INTERVAL} ms`;
  return [
    plainFigure(`${name}, median`, 'ms', median(late), late, atMost('logsFollow')),
    plainFigure(`${name}, p95`, 'ms', quantile(late, 0.95), late, atMost('logsFollow')),
  ];
}

/**
 * @param {Archives} archives
 * @returns {Promise<Figure[]>}
 */
async function memory(archives) {
  /** @type {Record<'writer' | 'cat', number[]>} */
  const peaks = { writer: [], cat: [] };
  for (const lines of [FEW, MANY]) {
    const name = `memory ${lines}`;
    const written = await archives.write(name, { compress: 'gzip', lines });
    const { peak } = await archives.cat(name);
    rmSync(archives.path(name), { recursive: true });
    peaks.writer.push(written.peak / MIB);
    peaks.cat.push(peak / MIB);
  }
  return /** @type {const} */ (['writer', 'cat']).map((who) => {
    const [few = Number.NaN, many = Number.NaN] = peaks[who];
    const name = `logs, ${who}, peak memory at 10 million lines (${digits(many, 0)} MiB) less that at 1 million`;
    return memoryFigure(name, [many - few], atMost('logsMemory'));
  });
}

/**
 * @param {Archives} archives
 * @returns {Promise<Figure>}
 */
async function hour(archives) {
  const name = 'a year';
  const { since, until, segments } = await archives.makeYear(name);
  const seconds = [];
  for (let round = 0; round < ROUNDS; round++) {
    seconds.push((await archives.cat(name, ['--since', since, '--until', until])).seconds);
  }
  const what = `logs cat of an hour, among ${segments} segments, the fastest of ${ROUNDS}`;
  return plainFigure(what, 's', Math.min(...seconds), seconds, atMost('logsHour'));
}

/** @param {Figure} figure */
function figureRow(figure) {
  const decimals = figure.unit === 's' ? 2 : 0;
  const cells = [digits(figure.value, decimals), range(figure, decimals), targetText(figure)];
  return row([figure.name, ...cells], FIGURE_WIDTHS);
}
