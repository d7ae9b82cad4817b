// @ts-check
import { hasTarget, holds, shown } from '../figures.mjs';
import { row } from '../report/columns.mjs';

/** @typedef {import('../report/results.mjs').Results} Results */

/**
 * The figures of several runs, a column for each of them.
 *
 * @param {readonly Results[]} runs
 * @returns {string[]} lines
 */
export function sideBySide(runs) {
  const names = [...new Set(runs.flatMap(({ figures }) => figures.map(({ name }) => name)))];
  const widths = [Math.max(0, ...names.map(({ length }) => length)) + 2, ...runs.map(() => 12)];
  return [
    row(['', ...runs.map(({ machine }) => machine.node)], widths),
    ...names.map((name) => row([name, ...runs.map((run) => cell(run, name))], widths)),
    'an asterisk: below its target, if that version has one',
  ];
}

/**
 * @param {Results} run
 * @param {string} name
 */
function cell({ figures }, name) {
  const figure = figures.find((one) => one.name === name);
  if (figure === undefined) return '';
  return shown(figure, figure.value) + (hasTarget(figure) && !holds(figure) ? '*' : ' ');
}
