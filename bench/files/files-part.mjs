// @ts-check
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { ratioFigure, targetText } from '../figures.mjs';
import { timesAsFast } from '../measure/interleaved.mjs';
import { row } from '../report/columns.mjs';
import { formatSize, GIB, MIB } from '../sizes.mjs';
import { median, spread } from '../statistics.mjs';
import { atLeast } from '../targets.mjs';
import { runCommand } from './command-run.mjs';
import { fileRounds } from './file-rounds.mjs';
import { checkTool, readThrough, writeRandomFile } from './test-files.mjs';
import { tools } from './tools.mjs';

/** @typedef {import('./file-rounds.mjs').Direction} Direction */
/** @typedef {import('./file-rounds.mjs').Entrant} Entrant */
/** @typedef {import('../report/part.mjs').Findings} Findings */

/**
 * @typedef {object} Context
 * @property {import('../report/part.mjs').Say} say
 * @property {string} folder
 * @property {NodeJS.ProcessEnv} environment
 * @property {number} size of the plaintext
 * @property {number} rounds
 * @property {readonly boolean[]} toFile
 */

const WIDTHS = [40, 9, 15, 9, 11, 13, 17];
const HEAD = ['', 'GB/s', 'p5 – p95', 'CPU s/GB', 'peak MiB', 'ours / it', 'target'];

/**
 * Our command from file to file, beside others.
 *
 * @param {import('../report/part.mjs').Say} say
 * @param {{ size: number, folder: string | undefined, targets: boolean }} options with `targets`, only what they name
 * @returns {Promise<Findings>}
 */
export async function filesPart(say, { size, folder: parent = tmpdir(), targets }) {
  const folder = mkdtempSync(join(parent, 'sealpipe-bench-'));
  try {
    const { tools: all, leftOut } = tools(folder);
    const chosen = targets ? all.filter(({ name }) => name === 'sealpipe' || name === 'age') : all;
    const environment = { ...process.env, SEALPIPE_HOME: join(folder, 'home'), SEALPIPE_KEY: undefined };
    for (const tool of chosen) await checkTool(tool, folder, environment);

    const rounds = targets ? 5 : 3;
    say(
      `a file of ${formatSize(size)} in the cache of the system, medians of ${rounds} runs in turn, each a process`,
    );
    if (!targets)
      say('what is written to a file is synced to the disk within the time: sealpipe does that by itself');
    if (size * 2.2 > totalmem() * 0.9) say('the files do not fit into memory: the disk is measured as well');
    say('');
    say(row(HEAD, WIDTHS));
    const context = { say, folder, environment, size, rounds, toFile: targets ? [false] : [false, true] };
    const plain = join(folder, 'plain');
    writeRandomFile(plain, size);
    const sealing = chosen.map((tool) => ({ tool, input: plain }));
    const encrypted = await direction('encrypt', sealing, context);
    const opening = await sealed(sealing, context);
    rmSync(plain);
    for (const { input } of opening) readThrough(input);
    const decrypted = await direction('decrypt', opening, context);
    return joined([...encrypted, ...decrypted], leftOut);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {readonly Entrant[]} entrants
 * @param {Context} context
 */
async function sealed(entrants, { folder, environment }) {
  const opening = [];
  for (const { tool, input } of entrants) {
    if (tool.name === 'cp') continue; // it has only one direction
    const path = join(folder, `sealed by ${tool.name}`);
    await runCommand(tool.encrypt(input, path), { environment });
    opening.push({ tool, input: path });
  }
  return opening;
}

/**
 * @param {Direction} way
 * @param {readonly Entrant[]} entrants ours first
 * @param {Context} context
 */
async function direction(way, entrants, context) {
  const { say, size, toFile: places, ...rest } = context;
  const found = [];
  for (const toFile of places) {
    const runs = await fileRounds(entrants, { direction: way, toFile, ...rest });
    const [ours = []] = runs;
    for (const [at, { tool }] of entrants.entries()) {
      const own = runs[at] ?? [];
      const rates = own.map(({ seconds }) => size / 1e9 / seconds);
      const name = `${way} ${toFile ? 'to a file' : 'to /dev/null'}, ${tool.name}`;
      const target = tool.name === 'age' && !toFile && size === 8 * GIB ? atLeast('ageCommand') : undefined;
      const times = timesAsFast(ours, own);
      const figure = ratioFigure(
        `${formatSize(size)}, ${way} ${toFile ? 'to a file' : 'to /dev/null'}, sealpipe / ${tool.name}`,
        times,
        target,
      );
      const { median: rate, low, high } = spread(rates);
      const cpu = median(own.map((run) => run.cpu)) / (size / 1e9);
      const peak = median(own.map((run) => run.peak)) / MIB;
      const isOurs = at === 0;
      say(
        row(
          [
            name,
            rate,
            `${low.toFixed(2)} – ${high.toFixed(2)}`,
            cpu,
            peak.toFixed(0),
            isOurs ? '' : figure.value,
            isOurs ? '' : targetText(figure),
          ],
          WIDTHS,
        ),
      );
      found.push({ figure: isOurs ? undefined : figure, measurement: { name, size, rates, cpu, peak } });
    }
  }
  return found;
}

/**
 * @param {readonly { figure: import('../figures.mjs').Figure | undefined, measurement: import('../report/part.mjs').Measurement }[]} found
 * @param {readonly string[]} leftOut
 * @returns {Findings}
 */
function joined(found, leftOut) {
  return {
    figures: found.flatMap(({ figure }) => (figure === undefined ? [] : [figure])),
    measurements: found.map(({ measurement }) => measurement),
    leftOut,
  };
}
