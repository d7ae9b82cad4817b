// @ts-check
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import pino from 'pino';
import { keyFrom } from 'sealpipe/keys';
import { openLogReader } from 'sealpipe/logs';
import { given } from '../child.mjs';
import { costOf } from '../measure/cost.mjs';

/**
 * @typedef {object} PinoCase
 * @property {'file' | 'none' | 'zstd' | 'gzip'} kind `pino/file`, or an archive with this compression
 * @property {string} folder an empty one except for the key
 * @property {number} lines that are measured
 * @property {number} warmUp lines before them
 */

/**
 * @typedef {object} PinoRun
 * @property {number} seconds from the first line until everything is written and the transport is closed
 * @property {number} cpu seconds of CPU of both threads and all helper threads
 * @property {number} lost lines that pino was given and that are missing
 * @property {number} bytes of a line
 */

/** Lines in one turn of the event loop. */
const BURST = 2_000;
const REQUESTS = Array.from({ length: 1_000 }, (_, i) => ({
  req: { id: Math.random().toString(36).slice(2), method: 'GET', url: `/orders/${i}` },
  responseTime: Math.random() * 100,
}));

/** @type {PinoCase} */
const { kind, folder, lines, warmUp } = given();
const file = join(folder, 'app.log');
const directory = join(folder, 'archive');
const key = `file:${join(folder, 'key')}`;
/** @type {import('pino').TransportSingleOptions} */
const target =
  kind === 'file'
    ? { target: 'pino/file', options: { destination: file } }
    : { target: 'sealpipe/pino', options: { directory, key, compress: kind === 'none' ? false : kind } };
const transport = pino.transport(target);
const logger = pino({ base: { pid: 4_321, hostname: 'web-1' } }, transport);
await once(transport, 'ready');
await log(warmUp);
await new Promise((resolve) => logger.flush(resolve));
const { seconds, cpu } = await costOf(async () => {
  await log(lines);
  // The transport does not keep the process alive while it works.
  const held = setInterval(() => undefined, 60_000);
  transport.end();
  await once(transport, 'close');
  clearInterval(held);
});
const kept = kind === 'file' ? linesOf(readFileSync(file)) : await archived();
const lost = warmUp + lines - kept.lines;
process.stdout.write(JSON.stringify({ seconds, cpu, lost, bytes: kept.bytes / kept.lines }));

/** @param {number} count */
async function log(count) {
  for (let i = 0; i < count; ) {
    for (const end = i + BURST; i < end; i++) logger.info(REQUESTS[i % REQUESTS.length], 'request completed');
    await turn();
  }
}

async function archived() {
  const keys = await keyFrom(key);
  const reader = await openLogReader({ keys, directory });
  const counted = { lines: 0, bytes: 0 };
  for await (const batch of reader.batches()) {
    counted.lines += batch.lines.length;
    for (const { length } of batch.lines) counted.bytes += length + 1;
  }
  return counted;
}

/** @param {Buffer} bytes */
function linesOf(bytes) {
  let lines = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines += 1;
  return { lines, bytes: bytes.length };
}
