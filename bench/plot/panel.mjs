// @ts-check
import { nameOf } from '../contenders/contender.mjs';
import { KIB } from '../sizes.mjs';
import { spread } from '../statistics.mjs';
import { peerCases, selectedCases } from '../table/cases.mjs';

/** @typedef {import('../table/cases.mjs').Case} Case */
/** @typedef {import('../report/part.mjs').Measurement} Measurement */

const DIRECTIONS = /** @type {const} */ (['encrypt', 'decrypt']);

/** The names of the two bars of a row. */
export const SERIES = DIRECTIONS;

/**
 * What the chart shows: our fast engines, the raw cipher, and the peers that are ciphers.
 *
 * @param {import('sealpipe').EngineReport} report
 * @returns {Case[]}
 */
export function plottedCases(report) {
  const ours = selectedCases({ engine: ['native', 'node'] }, false, report);
  const peers = peerCases().filter(
    ({ contender }) =>
      contender.kind !== 'passthrough' &&
      contender.kind !== 'memcpy' &&
      (contender.kind !== 'raw' || contender.suite === 'AES-256-GCM'),
  );
  return [...ours, ...peers];
}

/**
 * @param {string} title
 * @param {readonly Case[]} cases
 * @param {readonly Measurement[]} measurements of the table
 * @returns {import('./chart.mjs').Panel} without the cases that were not measured
 */
export function panelOf(title, cases, measurements) {
  const measured = new Map(measurements.map((one) => [keyOf(one), one]));
  const rows = new Map(cases.map(({ contender }) => [label(contender), contender]));
  return {
    title,
    rows: [...rows]
      .map(([name, contender]) => ({
        label: name,
        bars: DIRECTIONS.map((direction) => {
          const found = measured.get(keyOf({ contender, direction, chunkSize: 64 * KIB }));
          return found === undefined ? undefined : spread(/** @type {number[]} */ (found['rates']));
        }),
      }))
      .filter(({ bars }) => bars.some((bar) => bar !== undefined)),
  };
}

/** @param {import('../contenders/contender.mjs').Spec} spec */
function label(spec) {
  return spec.kind === 'raw' ? 'raw cipher, unframed' : nameOf(spec);
}

/** @param {object} one */
function keyOf(one) {
  const { contender, direction, chunkSize } = /** @type {Case} */ (one);
  return JSON.stringify([contender, direction, chunkSize]);
}
