// @ts-check

/**
 * @typedef {object} Spread
 * @property {number} median
 * @property {number} low the 5th percentile
 * @property {number} high the 95th percentile
 */

/**
 * @typedef {object} Ratio
 * @property {number} ratio
 * @property {number} error its standard error, as a share of it
 */

/**
 * @param {readonly number[]} values
 * @param {number} share from 0 to 1
 * @returns {number} between the two nearest values, by linear interpolation; NaN if there are none
 */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

/** @param {readonly number[]} values */
export function median(values) {
  return quantile(values, 0.5);
}

/**
 * @param {readonly number[]} values
 * @returns {Spread}
 */
export function spread(values) {
  return { median: median(values), low: quantile(values, 0.05), high: quantile(values, 0.95) };
}

/**
 * The standard error of the median, as a share of it, from the median absolute deviation: a single run that was
 * delayed by something else on the machine does not widen it.
 *
 * @param {readonly number[]} values
 */
export function relativeError(values) {
  const middle = median(values);
  const deviation = 1.4826 * median(values.map((value) => Math.abs(value - middle)));
  return (1.2533 * deviation) / Math.sqrt(values.length) / middle;
}

/**
 * @param {readonly number[]} over
 * @param {readonly number[]} under
 * @returns {number[]} one divided by the other, pair by pair
 */
export function ratios(over, under) {
  return over.map((value, at) => value / (under[at] ?? Number.NaN));
}

/**
 * The ratio of pairs that were measured in turn: the median of their ratios.
 *
 * @param {readonly number[]} ratios
 * @returns {Ratio}
 */
export function pairedRatio(ratios) {
  return { ratio: median(ratios), error: relativeError(ratios) };
}
