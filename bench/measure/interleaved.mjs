// @ts-check
import { ratios } from '../statistics.mjs';
import { costOf } from './cost.mjs';

/** @typedef {import('./cost.mjs').Cost} Cost */

/** What is over sooner than this is done several times in a row, so that one interruption does not decide. */
const LEAST_SECONDS = 0.03;

/**
 * Times several kinds of work in turn, A B C, C B A, A B C, …: a machine whose speed drifts treats all of them alike,
 * and so does the garbage that each leaves to the next.
 *
 * @param {readonly (() => Promise<unknown>)[]} works
 * @param {number} rounds
 * @returns {Promise<Cost[][]>} of each kind of work, what it cost in each round
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
 * @returns {Promise<() => Promise<Cost>>} of one of as many as the shortest measurement takes
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
 * @param {keyof Cost} by what is compared: the seconds decide; those of the CPU alone tell how it would have been
 *   without the other programs
 * @returns {number[]} how many times as fast a was, round by round
 */
export function timesAsFast(a, b, by = 'seconds') {
  return ratios(
    b.map((cost) => cost[by]),
    a.map((cost) => cost[by]),
  );
}
