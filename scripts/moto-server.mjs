// A moto_server for the examples: calls to AWS go to it instead.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * Starts moto_server on a port of this machine that the system picks.
 *
 * @returns {Promise<{ url: string, close(): void } | undefined>} undefined if it is not installed
 */
export async function startMoto() {
  const server = spawn('moto_server', ['-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const missing = new Promise((resolve) => server.once('error', () => resolve(undefined)));
  const url = await Promise.race([missing, addressIn(server.stderr)]);
  if (url === undefined) return undefined;
  server.stderr.resume(); // it logs every request there
  return { url, close: () => void server.kill('SIGKILL') };
}

/** @param {import('node:stream').Readable} log @returns {Promise<string | undefined>} */
async function addressIn(log) {
  const lines = createInterface({ input: log });
  for await (const line of lines) {
    const [, url] = /Running on (http:\/\/[\d.:]+)/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  return undefined;
}
