// @ts-check

/** @typedef {(line: string) => void} Say prints a line, or nothing where the results go out as JSON */

/**
 * What one part of the bench found.
 *
 * @typedef {object} Findings
 * @property {readonly import('../figures.mjs').Figure[]} figures what is held against targets and baselines
 * @property {readonly Measurement[]} [measurements] what is shown besides
 * @property {readonly string[]} [leftOut] what could not be measured here, and why
 */

/**
 * Anything measured, by its name.
 *
 * @typedef {{ name: string } & Record<string, unknown>} Measurement
 */

export {};
