// @ts-check
import { pairedRatio, spread } from './statistics.mjs';

/**
 * One result that can be held against a target and against an earlier run.
 *
 * @typedef {object} Figure
 * @property {string} name
 * @property {'ratio' | 'MiB'} unit ratios carry over to other runs and machines
 * @property {number} value
 * @property {number} error its standard error, as a share of it; of ratios alone
 * @property {number} low the 5th percentile of what it is the median of
 * @property {number} high the 95th percentile
 * @property {Target} [target]
 */

/** @typedef {{ least: number } | { most: number }} Target */

/**
 * @param {string} name
 * @param {readonly number[]} ratios of runs in turn
 * @param {Target} [target]
 * @returns {Figure}
 */
export function ratioFigure(name, ratios, target) {
  const { ratio, error } = pairedRatio(ratios);
  const { low, high } = spread(ratios);
  return { name, unit: 'ratio', value: ratio, error, low, high, ...(target && { target }) };
}

/**
 * @param {string} name
 * @param {readonly number[]} mebibytes
 * @param {Target} [target]
 * @returns {Figure}
 */
export function memoryFigure(name, mebibytes, target) {
  const { median, low, high } = spread(mebibytes);
  return { name, unit: 'MiB', value: median, error: 0, low, high, ...(target && { target }) };
}

/** @param {Figure & { target: Target }} figure */
export function holds({ value, target }) {
  return 'least' in target ? value >= target.least : value <= target.most;
}

/**
 * @param {Figure} figure
 * @returns {figure is Figure & { target: Target }}
 */
export function hasTarget(figure) {
  return figure.target !== undefined;
}

/** @param {Figure} figure @returns {string} such as `≥ 1.10 holds`; empty without a target */
export function targetText(figure) {
  if (!hasTarget(figure)) return '';
  const { target } = figure;
  const wanted = 'least' in target ? `≥ ${shown(figure, target.least)}` : `≤ ${shown(figure, target.most)}`;
  return `${wanted} ${holds(figure) ? 'holds' : 'MISSED'}`;
}

/**
 * @param {Figure} figure
 * @param {number} value
 */
export function shown({ unit }, value) {
  return unit === 'MiB' ? `${value.toFixed(0)} MiB` : value.toFixed(2);
}
