// @ts-check
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** A {@link import('./null-server.mjs') null server}, in its own process. */
export class StoreProcess {
  #child;
  /** @type {number} */
  port;
  /** @type {string} in PEM, which its clients must trust */
  ca;

  /** @param {number} [bytesPerSecond] that all its clients together can send; unlimited by default */
  static async start(bytesPerSecond) {
    const { key, cert } = await certificate();
    const child = fork(fileURLToPath(new URL('null-server.mjs', import.meta.url)));
    child.send({ key, cert, bytesPerSecond });
    const [{ port }] = await once(child, 'message');
    return new StoreProcess(child, port, cert);
  }

  /**
   * @param {import('node:child_process').ChildProcess} child
   * @param {number} port
   * @param {string} ca
   */
  constructor(child, port, ca) {
    this.#child = child;
    this.port = port;
    this.ca = ca;
  }

  /** @returns {Promise<number>} seconds of CPU that it took so far */
  async cpu() {
    this.#child.send('cpu');
    const [{ cpu }] = await once(this.#child, 'message');
    return cpu;
  }

  async stop() {
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }
}

/** The certificate of the tests. @returns {Promise<{ key: string, cert: string }>} */
async function certificate() {
  const source = readFileSync(new URL('../../test/support/s3/certificate.ts', import.meta.url), 'utf8');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  });
  const { selfSigned } = await import(`data:text/javascript,${encodeURIComponent(outputText)}`);
  return selfSigned();
}
