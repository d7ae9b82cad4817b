// A moto_server for examples and tests: calls to AWS go to it instead.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * Starts moto_server on a port of this machine that the system picks.
 *
 * @returns {Promise<{ url: string, close(): Promise<void> } | undefined>} once it listens; undefined if it is not
 *   installed, or ends at once
 */
export async function startMoto() {
  const server = spawn('moto_server', ['-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  /** @type {Promise<undefined>} */
  const ended = new Promise((resolve) => {
    server.once('error', () => resolve(undefined)).once('exit', () => resolve(undefined));
  });
  const url = await Promise.race([ended, addressIn(server.stderr)]);
  if (url === undefined) return undefined;
  server.stderr.resume(); // it logs every request there
  const close = () => {
    server.kill('SIGKILL');
    return ended;
  };
  return { url, close };
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
