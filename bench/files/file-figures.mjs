// @ts-check
import { ratioFigure, targetText } from '../figures.mjs';
import { timesAsFast } from '../measure/interleaved.mjs';
import { digits, range, row } from '../report/columns.mjs';
import { formatSize, GIB, MIB } from '../sizes.mjs';
import { median, spread } from '../statistics.mjs';
import { atLeast } from '../targets.mjs';

/** @typedef {import('./command-run.mjs').CommandRun} CommandRun */
/** @typedef {import('../report/part.mjs').Findings} Findings */

/**
 * What the runs of one tool measure.
 *
 * @typedef {object} Subject
 * @property {string} tool
 * @property {import('../contenders/prepared.mjs').Direction} direction
 * @property {boolean} toFile
 * @property {boolean} inMemory the files are in a memory file system
 * @property {number} size bytes of the plaintext
 */

const WIDTHS = [40, 9, 15, 9, 11, 13, 17];

/** The head of the lines that {@link fileFindings} prints. */
export const FILE_HEAD = row(['', 'GB/s', 'p5 – p95', 'CPU s/GB', 'peak MiB', 'ours / it', 'target'], WIDTHS);

/** The file sizes with a target: exactly this one to /dev/null, at least this one from memory to memory. */
const AIMED = { toNull: 8 * GIB, inMemory: GIB };

/**
 * Prints a line about the runs of a tool.
 *
 * @param {Subject} subject
 * @param {readonly CommandRun[]} runs
 * @param {readonly CommandRun[] | undefined} ours in the same rounds; undefined if the tool is ours
 * @param {import('../report/part.mjs').Say} say
 * @returns {Findings}
 */
export function fileFindings({ tool, direction, toFile, inMemory, size }, runs, ours, say) {
  const way = `${direction} ${toFile ? 'to a file' : 'to /dev/null'}`;
  const name = `${way}, ${tool}`;
  const rates = runs.map(({ seconds }) => size / 1e9 / seconds);
  const cpu = median(runs.map((run) => run.cpu)) / (size / 1e9);
  const peak = median(runs.map((run) => run.peak)) / MIB;
  const cells = [name, spread(rates).median, range(spread(rates)), cpu, digits(peak, 0)];
  const measurements = [{ name, size, rates, cpu, peak }];
  if (ours === undefined) {
    say(row(cells, WIDTHS));
    return { figures: [], measurements };
  }
  const target = tool === 'age' ? aimed({ toFile, inMemory, size }) : undefined;
  const title = `${formatSize(size)}, ${way}, sealpipe / ${tool}`;
  const figure = ratioFigure(title, timesAsFast(ours.slice(0, runs.length), runs), target);
  say(row([...cells, figure.value, targetText(figure)], WIDTHS));
  return { figures: [figure], measurements };
}

/** @param {Pick<Subject, 'toFile' | 'inMemory' | 'size'>} subject */
function aimed({ toFile, inMemory, size }) {
  if (!toFile) return size === AIMED.toNull ? atLeast('ageCommand') : undefined;
  return isFromMemoryToMemory({ toFile, inMemory, size }) ? atLeast('ageFile') : undefined;
}

/**
 * Whether our command has a target beside `age` from file to file in these runs.
 *
 * @param {Pick<Subject, 'toFile' | 'inMemory' | 'size'>} subject
 */
export function isFromMemoryToMemory({ toFile, inMemory, size }) {
  return toFile && inMemory && size >= AIMED.inMemory;
}
