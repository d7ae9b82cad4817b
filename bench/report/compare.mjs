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
 * @property {number} change as a share of what it was
 * @property {number} noise the change that means nothing, as such a share
 */

/**
 * The change that two runs of the same code can show however steady each of them was in itself: another process has
 * its memory and its compiled code elsewhere.
 */
const LEAST_NOISE = 0.08;
/** Of how many standard errors of the difference a change has to be. */
const ERRORS = 3;

/**
 * Ratios alone: absolute times belong to one machine and one hour.
 *
 * @param {readonly Figure[]} before
 * @param {readonly Figure[]} after
 * @returns {Change[]} of the ratios that both have
 */
export function changes(before, after) {
  return after.flatMap((now) => {
    const then = before.find(({ name }) => name === now.name);
    if (now.unit !== 'ratio' || then?.unit !== 'ratio') return [];
    const noise = Math.max(LEAST_NOISE, ERRORS * Math.hypot(now.error, then.error));
    return [
      { name: now.name, before: then.value, after: now.value, change: now.value / then.value - 1, noise },
    ];
  });
}

/** @param {Change} change */
export function hasMoved({ change, noise }) {
  return Math.abs(change) > noise;
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
      const [signed, within] = [change, noise].map((share) => `${(share * 100).toFixed(0)} %`);
      const way = change < 0 ? 'fell' : 'rose';
      return `  ${way}: ${name}: ${was.toFixed(2)} -> ${is.toFixed(2)} (${signed}; noise ± ${within})`;
    }),
  ];
}
