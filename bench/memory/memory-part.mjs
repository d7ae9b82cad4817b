// @ts-check
import { runChild } from '../child.mjs';
import { memoryFigure, targetText } from '../figures.mjs';
import { digits, row } from '../report/columns.mjs';
import { GIB, MIB } from '../sizes.mjs';
import { median } from '../statistics.mjs';
import { atMost } from '../targets.mjs';

const RUNS = 3;
const WIDTHS = [20, 10, 10, 14, 16, 16, 14];
const HEAD = ['', '256 MiB', '4 GiB', 'grows by', 'target', 'over raw by', 'target'];

/**
 * The peak memory of a short and of a long stream, each in its own process.
 *
 * @param {import('../report/part.mjs').Say} say
 * @returns {Promise<import('../report/part.mjs').Findings>}
 */
export async function memoryPart(say) {
  say(`peak memory of the process in MiB, medians of ${RUNS}; decrypting reads from a pipe\n`);
  say(row(HEAD, WIDTHS));
  const figures = [];
  for (const direction of /** @type {const} */ (['encrypt', 'decrypt'])) {
    const raw = await peaks('raw', direction);
    const ours = await peaks('sealpipe', direction);
    const growth = memoryFigure(
      `${direction}, peak memory at 4 GiB less that at 256 MiB`,
      differences(ours.long, ours.short),
      atMost('memoryGrowth'),
    );
    const over = memoryFigure(
      `${direction}, peak memory at 4 GiB less that of the raw stream`,
      differences(ours.long, raw.long),
      atMost('memoryAboveRaw'),
    );
    say(line(`${direction}, raw`, raw, [digits(median(differences(raw.long, raw.short)), 1)]));
    const told = [growth, over].flatMap((figure) => [digits(figure.value, 1), targetText(figure)]);
    say(line(`${direction}, sealpipe`, ours, told));
    figures.push(growth, over);
  }
  return { figures };
}

/** @typedef {{ short: number[], long: number[] }} Peaks MiB, in ascending order */

/**
 * @param {string} name
 * @param {Peaks} peaks
 * @param {readonly string[]} told
 */
function line(name, { short, long }, told) {
  return row([name, digits(median(short), 1), digits(median(long), 1), ...told], WIDTHS);
}

/**
 * @param {import('./memory-process.mjs').MemoryCase['kind']} kind
 * @param {import('../contenders/prepared.mjs').Direction} direction
 * @returns {Promise<Peaks>}
 */
async function peaks(kind, direction) {
  const sorted = async (/** @type {number} */ size) => {
    const all = [];
    for (let i = 0; i < RUNS; i++) {
      const { peak } = await runChild('memory/memory-process.mjs', { kind, direction, size });
      all.push(peak / MIB);
    }
    return all.sort((a, b) => a - b);
  };
  return { short: await sorted(GIB / 4), long: await sorted(4 * GIB) };
}

/**
 * The differences between independent runs, both in ascending order: smallest and smallest, and so on.
 *
 * @param {readonly number[]} a
 * @param {readonly number[]} b
 */
function differences(a, b) {
  return a.map((value, at) => value - (b[at] ?? Number.NaN));
}
