// @ts-check
import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Everything that a run found, as it is printed and saved.
 *
 * @typedef {object} Results
 * @property {1} format
 * @property {string} command
 * @property {import('../machine.mjs').Machine} machine
 * @property {readonly import('../figures.mjs').Figure[]} figures
 * @property {readonly import('./part.mjs').Measurement[]} measurements
 * @property {readonly string[]} leftOut what could not be measured, and why
 */

/** @param {Results} results */
export function resultsText(results) {
  return `${JSON.stringify(results, null, 1)}\n`;
}

/**
 * @param {string} path
 * @param {Results} results
 */
export function saveResults(path, results) {
  writeFileSync(path, resultsText(results));
}

/**
 * @param {string} path
 * @returns {Results}
 * @throws Error that says what is wrong with the file
 */
export function loadResults(path) {
  return parseResults(readFileSync(path, 'utf8'), path);
}

/**
 * @param {string} text
 * @param {string} name of its source
 * @returns {Results}
 */
export function parseResults(text, name) {
  const results = JSON.parse(text);
  if (results?.format !== 1 || !Array.isArray(results.figures) || !Array.isArray(results.measurements))
    throw new Error(`${name} was not saved by this bench`);
  return results;
}
