// @ts-check
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median } from './statistics.mjs';

const GIB = 2 ** 30;
const RUNS = 3;
const CASE = fileURLToPath(new URL('./memory-case.mjs', import.meta.url));

/**
 * @param {'sealpipe' | 'raw'} kind
 * @param {number} size
 */
function peak(kind, size) {
  const peaks = Array.from({ length: RUNS }, () => {
    const output = execFileSync(process.execPath, [CASE, kind, String(size)], { encoding: 'utf8' });
    return Number(JSON.parse(output).peak);
  });
  return median(peaks) / 2 ** 20;
}

/** Prints the peak memory of a short and of a long stream, each in a process of its own. */
export function printMemory() {
  console.log(`\npeak memory of the process, MiB, median of ${RUNS}\n`);
  console.log(`${'case'.padEnd(26)}${'256 MiB'.padStart(9)}${'4 GiB'.padStart(9)}${'grows by'.padStart(10)}`);
  for (const kind of /** @type {const} */ (['sealpipe', 'raw'])) {
    const short = peak(kind, GIB / 4);
    const long = peak(kind, 4 * GIB);
    const figures = [short, long, long - short].map((value) => value.toFixed(1));
    console.log(
      `${kind.padEnd(26)}${figures[0]?.padStart(9)}${figures[1]?.padStart(9)}${figures[2]?.padStart(10)}`,
    );
  }
}
