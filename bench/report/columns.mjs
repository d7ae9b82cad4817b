// @ts-check

/**
 * @param {readonly (string | number)[]} cells the first is aligned left, the others right; a number gets
 *   two decimals
 * @param {readonly number[]} widths
 */
export function row(cells, widths) {
  return cells
    .map((cell, at) => {
      const text = typeof cell === 'number' ? digits(cell, 2) : cell;
      const width = widths[at] ?? 0;
      return at === 0 ? text.padEnd(width) : ` ${text.padStart(width - 1)}`;
    })
    .join('')
    .trimEnd();
}

/**
 * @param {number} value
 * @param {number} decimals
 * @returns {string} a dash if the value is unknown
 */
export function digits(value, decimals) {
  return Number.isNaN(value) ? '–' : value.toFixed(decimals);
}

/**
 * @param {{ low: number, high: number }} spread
 * @param {number} [decimals]
 */
export function range({ low, high }, decimals = 2) {
  return `${digits(low, decimals)} – ${digits(high, decimals)}`;
}
