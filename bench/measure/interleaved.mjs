// @ts-check
import { ratios } from '../statistics.mjs';
import { costOf } from './cost.mjs';

/** @typedef {import('./cost.mjs').Cost} Cost */

/** Shorter work is repeated several times in a row, so that a single interruption does not decide. */
const LEAST_SECONDS = 0.03;

/**
 * Times several kinds of work in turn, A B C, C B A, A B C, …: a drift in the speed of the machine affects all of them
 * alike, and so does the garbage that each leaves for the next.
 *
 * @param {readonly (() => Promise<unknown>)[]} works
 * @param {number} rounds
 * @returns {Promise<Cost[][]>} what each kind of work cost in each round
 */
export async function interleaved(works, rounds) {
  const runners = [];
  for (const work of works)
    runners.push({ measured: await repeated(work), costs: /** @type {Cost[]} */ ([]) });
  const inTurn = [...runners];
  for (let round = 0; round < rounds; round++) {
    for (const { measured, costs } of inTurn) costs.push(await measured());
    inTurn.reverse();
  }
  return runners.map(({ costs }) => costs);
}

/**
 * @param {() => Promise<unknown>} work
 * @returns {Promise<() => Promise<Cost>>} measures one run, as the mean of as many as the shortest measurement needs
 */
async function repeated(work) {
  await work();
  const { seconds } = await costOf(work);
  const times = Math.ceil(LEAST_SECONDS / seconds);
  return async () => {
    const cost = await costOf(async () => {
      for (let i = 0; i < times; i++) await work();
    });
    return { seconds: cost.seconds / times, cpu: cost.cpu / times };
  };
}

/**
 * @param {readonly Cost[]} a of each round
 * @param {readonly Cost[]} b
 * @param {keyof Cost} by what is compared: seconds decide; CPU seconds show what the result would be without other
 *   programs
 * @returns {number[]} how many times as fast a was, round by round
 */
export function timesAsFast(a, b, by = 'seconds') {
  return ratios(
    b.map((cost) => cost[by]),
    a.map((cost) => cost[by]),
  );
}
