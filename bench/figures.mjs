// @ts-check
import { pairedRatio, spread } from './statistics.mjs';

/**
 * One result that can be compared with a target and with an earlier run.
 *
 * @typedef {object} Figure
 * @property {string} name
 * @property {'ratio' | 'MiB' | 'MB/s' | 'µs' | 'ms' | 's' | 'lines'} unit ratios carry over to other runs and machines
 * @property {number} value
 * @property {number} error its standard error, as a share of the value; 0 except for ratios
 * @property {number} low the 5th percentile of the values behind it
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
  return medianFigure(name, 'MiB', mebibytes, target);
}

/**
 * @param {string} name
 * @param {readonly number[]} microseconds
 * @param {Target} [target]
 * @returns {Figure}
 */
export function timeFigure(name, microseconds, target) {
  return medianFigure(name, 'µs', microseconds, target);
}

/**
 * @param {string} name
 * @param {readonly number[]} lines the largest one decides
 * @param {Target} [target]
 * @returns {Figure}
 */
export function countFigure(name, lines, target) {
  return { ...medianFigure(name, 'lines', lines, target), value: Math.max(...lines) };
}

/**
 * @param {string} name
 * @param {Figure['unit']} unit
 * @param {readonly number[]} values
 * @param {Target} [target]
 * @returns {Figure}
 */
function medianFigure(name, unit, values, target) {
  const { median, low, high } = spread(values);
  return { name, unit, value: median, error: 0, low, high, ...(target && { target }) };
}

/**
 * @param {string} name
 * @param {'MB/s' | 'ms' | 's'} unit
 * @param {number} value
 * @param {readonly number[]} all the values that it was chosen or computed from
 * @param {Target} [target]
 * @returns {Figure}
 */
export function plainFigure(name, unit, value, all, target) {
  const { low, high } = spread(all);
  return { name, unit, value, error: 0, low, high, ...(target && { target }) };
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
  if (unit === 'ratio') return value.toFixed(2);
  return `${value.toFixed(unit === 'µs' || unit === 's' ? 2 : 0)} ${unit}`;
}
