// @ts-check

/**
 * Round numbers from 0 to the first that is not below `most`, in five to ten equal steps.
 *
 * @param {number} most above 0
 */
export function ticks(most) {
  const power = 10 ** Math.floor(Math.log10(most));
  const step = power * ([0.1, 0.2, 0.5, 1].find((part) => most / (power * part) <= 10) ?? 1);
  const count = Math.ceil(most / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, at) => Number((at * step).toPrecision(12)));
}
