// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * Runs a program of the bench in a process of its own, with JSON in and JSON out.
 *
 * @param {string} file its path from the folder of the bench
 * @param {unknown} given
 * @returns {Promise<any>}
 */
export async function runChild(file, given) {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.execPath, [path, JSON.stringify(given)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  const [status, signal] = await once(child, 'close');
  if (status !== 0)
    throw new Error(`${file} ${JSON.stringify(given)} ended with ${signal ?? `status ${status}`}`);
  return JSON.parse(output);
}
