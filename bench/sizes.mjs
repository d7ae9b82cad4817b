// @ts-check

export const KIB = 1024;
export const MIB = 1024 * KIB;
export const GIB = 1024 * MIB;

/** @type {readonly (readonly [unit: string, bytes: number])[]} */
const UNITS = [
  ['GiB', GIB],
  ['MiB', MIB],
  ['KiB', KIB],
];

/**
 * @param {string} text such as `64`, `4KiB`, `1 MiB` or `8GiB`
 * @returns {number} bytes; NaN if it is not a size
 */
export function parseSize(text) {
  const [, number, unit = ''] = /^(\d+) ?([KMG]iB|B)?$/.exec(text) ?? [];
  const bytes = Number(number) * (UNITS.find(([name]) => name === unit)?.[1] ?? 1);
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : Number.NaN;
}

/** @param {number} bytes */
export function formatSize(bytes) {
  const [unit, factor] = UNITS.find(([, size]) => bytes >= size && bytes % size === 0) ?? ['B', 1];
  return `${bytes / factor} ${unit}`;
}
