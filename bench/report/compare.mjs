// @ts-check
import { machineText } from '../machine.mjs';

/** @typedef {import('../figures.mjs').Figure} Figure */
/** @typedef {import('./results.mjs').Results} Results */

/**
 * A ratio of both runs.
 *
 * @typedef {object} Change
 * @property {string} name
 * @property {number} before
 * @property {number} after
 * @property {number} change as a share of the earlier value
 * @property {number} noise the largest change that counts as noise, as a share of the earlier value
 * @property {boolean} apart whether each median lies outside the range from the 5th to the 95th percentile of the other
 *   run: with few rounds on a busy machine the errors are too small
 */

/**
 * The change that two runs of the same code can show however steady each of them was: each process has its memory and
 * its compiled code at other addresses.
 */
const LEAST_NOISE = 0.08;
/** A change that is not noise exceeds this many standard errors of the difference. */
const ERRORS = 3;

/**
 * Compares only ratios: absolute times belong to one machine and one hour.
 *
 * @param {readonly Figure[]} earlier
 * @param {readonly Figure[]} later
 * @returns {Change[]} of the ratios that both have
 */
export function changes(earlier, later) {
  return later.flatMap((now) => {
    const then = earlier.find(({ name }) => name === now.name);
    if (now.unit !== 'ratio' || then?.unit !== 'ratio') return [];
    const noise = Math.max(LEAST_NOISE, ERRORS * Math.hypot(now.error, then.error));
    const [before, after] = [then.value, now.value];
    const apart = !within(before, now) && !within(after, then);
    return [{ name: now.name, before, after, change: after / before - 1, noise, apart }];
  });
}

/** @param {Change} change */
export function hasMoved({ change, noise, apart }) {
  return apart && Math.abs(change) > noise;
}

/**
 * @param {number} value
 * @param {Figure} figure
 */
function within(value, { low, high }) {
  return low <= value && value <= high;
}

/**
 * @param {Results} before
 * @param {Results} after
 * @returns {string[]} lines
 */
export function comparison(before, after) {
  const all = changes(before.figures, after.figures);
  const moved = all.filter(hasMoved).sort((a, b) => a.change - b.change);
  const [then, now] = [machineText(before.machine), machineText(after.machine)];
  return [
    `compared with the run that was saved: ${all.length} ratios, ${moved.length} moved beyond noise`,
    ...(then === now ? [] : [`that was another machine or Node: ${then}`]),
    ...moved.map(({ name, before: was, after: is, change, noise }) => {
      const [signed, still] = [change, noise].map((share) => `${(share * 100).toFixed(0)} %`);
      const way = change < 0 ? 'fell' : 'rose';
      return `  ${way}: ${name}: ${was.toFixed(2)} -> ${is.toFixed(2)} (${signed}; noise ± ${still})`;
    }),
  ];
}
