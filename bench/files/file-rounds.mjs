// @ts-check
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command-run.mjs';

/** @typedef {import('../contenders/prepared.mjs').Direction} Direction */
/** @typedef {import('./command-run.mjs').CommandRun} CommandRun */

/**
 * A tool with the file that it reads.
 *
 * @typedef {object} Entrant
 * @property {import('./tools.mjs').Tool} tool
 * @property {string} input
 * @property {number} [rounds] if they differ from those of the others
 */

/**
 * Runs each tool once as a warm-up, then all in turn, A B C, C B A, … A tool that has had its rounds is skipped.
 *
 * @param {readonly Entrant[]} entrants
 * @param {object} options
 * @param {Direction} options.direction
 * @param {boolean} options.toFile into a file that is then synced to the disk; otherwise to /dev/null
 * @param {number} options.rounds
 * @param {string} options.folder
 * @param {NodeJS.ProcessEnv} options.environment
 * @returns {Promise<CommandRun[][]>} the runs of each
 */
export async function fileRounds(entrants, { direction, toFile, rounds, folder, environment }) {
  const output = toFile ? join(folder, 'output') : '/dev/null';
  const runs = entrants.map((entrant) => ({ entrant, done: /** @type {CommandRun[]} */ ([]) }));
  const most = Math.max(...entrants.map((entrant) => entrant.rounds ?? rounds));
  for (let round = -1; round < most; round++) {
    for (const { entrant, done } of runs) {
      if (round >= (entrant.rounds ?? rounds)) continue;
      const command = entrant.tool[direction](entrant.input, output);
      const run = await runCommand(command, { environment, sync: toFile ? output : undefined });
      if (round >= 0) done.push(run);
      if (toFile) rmSync(output);
    }
    runs.reverse();
  }
  return entrants.map((entrant) => runs.find((one) => one.entrant === entrant)?.done ?? []);
}
