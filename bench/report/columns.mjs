// @ts-check

/**
 * @param {readonly (string | number)[]} cells the first is set to the left, the others to the right; a number gets
 *   two decimals
 * @param {readonly number[]} widths
 */
export function row(cells, widths) {
  return cells
    .map((cell, at) => {
      const text = typeof cell === 'number' ? cell.toFixed(2) : cell;
      const width = widths[at] ?? 0;
      return at === 0 ? text.padEnd(width) : ` ${text.padStart(width - 1)}`;
    })
    .join('')
    .trimEnd();
}
