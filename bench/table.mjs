// @ts-check
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { engines } from 'sealpipe';
import { cases, nameOf } from './cases.mjs';

const CASE = fileURLToPath(new URL('./case.mjs', import.meta.url));
const WIDTH = 58;

/** @param {(string | number)[]} columns */
function row([name, ...figures]) {
  return (
    String(name).padEnd(WIDTH) +
    figures.map((figure) => (typeof figure === 'number' ? figure.toFixed(2) : figure).padStart(9)).join('')
  );
}

/** Measures every case in a process of its own, and prints a line for each as it is done. */
export function printTable() {
  console.log('\nevery engine: median of whole streams, memory to null sink; frame / chunk size\n');
  console.log(row(['case', 'GB/s', 'p5', 'p95', 'CPU s/GB', 'GC ms/GB', 'peak MiB']));
  for (const c of cases(engines())) {
    const output = execFileSync(process.execPath, [CASE, JSON.stringify(c)], { encoding: 'utf8' });
    const { median, low, high, cpu, collecting, peak } = JSON.parse(output);
    console.log(row([nameOf(c), median, low, high, cpu, collecting, peak]));
  }
}
