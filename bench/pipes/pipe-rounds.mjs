// @ts-check
import { cpuMark, foreignShare } from '../measure/foreign-cpu.mjs';
import { runBetweenPipes } from './pipe-run.mjs';

/** @typedef {import('./pipe-run.mjs').PipeRun} PipeRun */

/**
 * @typedef {object} PipeEntrant
 * @property {string} name
 * @property {readonly string[]} command
 * @property {string} input the file that it reads
 */

/**
 * The runs of each entrant, round by round.
 *
 * @typedef {object} PipeRounds
 * @property {PipeRun[][]} runs of the rounds that count
 * @property {number} tried
 */

/** The share of the CPUs that other programs may have in a round that counts. */
const MOST_FOREIGN = 0.1;

/**
 * Runs each entrant once as a warm-up, then all in turn, A B C, C B A, …, until enough rounds count: those that had the
 * CPUs almost to themselves.
 *
 * @param {readonly PipeEntrant[]} entrants
 * @param {{ rounds: number, most: number, environment: NodeJS.ProcessEnv }} options `rounds`: how many must
 *   count; `most`: how many are tried at most
 * @returns {Promise<PipeRounds>}
 */
export async function pipeRounds(entrants, { rounds, most, environment }) {
  const runs = entrants.map(() => /** @type {PipeRun[]} */ ([]));
  const order = entrants.map((entrant, at) => ({ entrant, at }));
  const runOne = (/** @type {PipeEntrant} */ { command, input }) =>
    runBetweenPipes(command, { input, output: '/dev/null', environment });
  for (const entrant of entrants) await runOne(entrant);
  let tried = 0;
  for (; tried < most && (runs[0]?.length ?? 0) < rounds; tried++) {
    const before = cpuMark();
    /** @type {PipeRun[]} */
    const done = [];
    for (const { entrant, at } of order) done[at] = await runOne(entrant);
    order.reverse();
    if (foreignShare(before, cpuMark()) > MOST_FOREIGN) continue;
    for (const [at, run] of done.entries()) runs[at]?.push(run);
  }
  return { runs, tried };
}
