// @ts-check
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ratioFigure } from '../figures.mjs';
import { toolVersion } from '../files/command-run.mjs';
import { writeRandomFile } from '../files/test-files.mjs';
import { timesAsFast } from '../measure/interleaved.mjs';
import { runBetweenPipes } from '../pipes/pipe-run.mjs';
import { formatSize } from '../sizes.mjs';
import { median } from '../statistics.mjs';
import { StoreProcess } from './store-process.mjs';

/** @typedef {import('../pipes/pipe-run.mjs').PipeRun} PipeRun */
/** @typedef {import('../report/part.mjs').Findings} Findings */
/** @typedef {import('../report/part.mjs').Say} Say */

const ROUNDS = 9;
const MEMORY = '/dev/shm';
const OBJECT = { bucket: 'the-bucket', key: 'k' };

/**
 * `cat FILE | sealpipe encrypt -o s3://…`, which reads the pipe itself, beside a program that passes standard input to
 * `encryptObject` as a stream.
 *
 * @param {Say} say
 * @param {{ size: number, folder: string | undefined }} options
 * @returns {Promise<Findings>}
 */
export async function pipedUploads(say, { size, folder: parent = existsSync(MEMORY) ? MEMORY : tmpdir() }) {
  if (toolVersion('bash') === undefined || toolVersion('cat') === undefined)
    return { figures: [], leftOut: ['s3, pipes: bash and cat are not on this machine'] };
  const { bavail, bsize } = statfsSync(parent);
  if (bavail * bsize < size)
    return { figures: [], leftOut: [`s3, pipes: ${parent} has no room for the file`] };
  const folder = mkdtempSync(join(parent, 'sealpipe-bench-'));
  const store = await StoreProcess.start();
  try {
    const input = join(folder, 'plain');
    writeRandomFile(input, size);
    const environment = environmentOf(store, folder);
    const commands = commandsIn(folder);
    const run = (/** @type {'command' | 'stream'} */ way) =>
      runBetweenPipes(commands[way], { input, output: '/dev/null', environment });
    /** @type {Record<'command' | 'stream', PipeRun[]>} */
    const runs = { command: [], stream: [] };
    const order = /** @type {('command' | 'stream')[]} */ (['command', 'stream']);
    for (let round = -1; round < ROUNDS; round++) {
      for (const way of order) {
        const done = await run(way);
        if (round >= 0) runs[way].push(done);
      }
      order.reverse();
    }
    const cpu = { command: runs.command.map((one) => one.cpu), stream: runs.stream.map((one) => one.cpu) };
    say(
      `cat FILE | sealpipe encrypt -o s3://…, ${formatSize(size)}, over https, medians of ${ROUNDS} rounds in turn:`,
    );
    say(
      `${median(cpu.command).toFixed(2)} CPU s; a program that gives the pipe to encryptObject as a stream:`,
    );
    say(`${median(cpu.stream).toFixed(2)} CPU s`);
    return {
      figures: [
        ratioFigure('s3, CPU, from a pipe, command / stream', timesAsFast(runs.stream, runs.command, 'cpu')),
        ratioFigure('s3, seconds, from a pipe, command / stream', timesAsFast(runs.stream, runs.command)),
      ],
      measurements: [{ name: 's3, from a pipe', size, cpu }],
    };
  } finally {
    await store.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} folder */
function commandsIn(folder) {
  const path = join(folder, 'key');
  writeFileSync(path, randomBytes(32), { mode: 0o600 });
  const { bucket, key } = OBJECT;
  const pathOf = (/** @type {string} */ file) => fileURLToPath(new URL(file, import.meta.url));
  const command = [process.execPath, pathOf('../../dist/sealpipe.js'), 'encrypt', '--quiet', '--force'];
  return {
    command: [...command, '--key', `file:${path}`, '--output', `s3://${bucket}/${key}`],
    stream: [process.execPath, pathOf('piped-process.mjs'), path, bucket, key],
  };
}

/**
 * @param {StoreProcess} store
 * @param {string} folder
 */
function environmentOf({ port, ca }, folder) {
  const path = join(folder, 'ca.pem');
  writeFileSync(path, ca);
  return {
    ...process.env,
    SEALPIPE_HOME: join(folder, 'home'),
    SEALPIPE_KEY: undefined,
    NODE_EXTRA_CA_CERTS: path,
    AWS_ENDPOINT_URL_S3: `https://127.0.0.1:${port}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
  };
}
