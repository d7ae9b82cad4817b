// @ts-check

/** @typedef {(line: string) => void} Say prints a line, or nothing if the results are printed as JSON */

/**
 * What one part of the bench found.
 *
 * @typedef {object} Findings
 * @property {readonly import('../figures.mjs').Figure[]} figures what is compared with targets and baselines
 * @property {readonly Measurement[]} [measurements] other results that are shown
 * @property {readonly string[]} [leftOut] what could not be measured here, and why
 */

/**
 * Anything measured, by its name.
 *
 * @typedef {{ name: string } & Record<string, unknown>} Measurement
 */

export {};
