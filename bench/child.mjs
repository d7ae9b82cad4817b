// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The input that {@link runChild} gave to this program. @returns {any} */
export function given() {
  return JSON.parse(readFileSync(process.stdin.fd, 'utf8'));
}

/**
 * Runs a program of the bench in its own process, with JSON in and JSON out.
 *
 * @param {string} file its path from the folder of the bench
 * @param {unknown} input
 * @param {Readonly<Record<string, string>>} [environment] besides that of this process
 * @returns {Promise<any>}
 */
export async function runChild(file, input, environment = {}) {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.execPath, [path], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
  // A program that fails before it has read its input says so itself.
  child.stdin.on('error', () => undefined).end(JSON.stringify(input));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  const [status, signal] = await once(child, 'close');
  if (status !== 0)
    throw new Error(
      `${file} ${JSON.stringify(input).slice(0, 300)} ended with ${signal ?? `status ${status}`}`,
    );
  return JSON.parse(output);
}
