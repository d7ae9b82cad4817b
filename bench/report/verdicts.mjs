// @ts-check
import { hasTarget, holds, shown, targetText } from '../figures.mjs';

/**
 * Every figure that has a target, beside it.
 *
 * @param {readonly import('../figures.mjs').Figure[]} figures
 * @returns {string[]} lines; none if no figure has a target
 */
export function verdicts(figures) {
  const aimed = figures.filter(hasTarget);
  if (aimed.length === 0) return [];
  const held = aimed.filter(holds).length;
  return [
    `targets: ${held} of ${aimed.length} hold in this run`,
    ...aimed.map((figure) => {
      const value = shown(figure, figure.value).padStart(8);
      return `  ${value}  ${targetText(figure).padEnd(20)} ${figure.name}`;
    }),
  ];
}
