// @ts-check
/* One log writer in its own process: takes what to write as JSON, prints what it cost as JSON. */

import { setImmediate as turn } from 'node:timers/promises';
import { keyFrom } from 'sealpipe/keys';
import { openLogWriter } from 'sealpipe/logs';
import { given } from '../child.mjs';
import { peakMemory } from '../measure/peak-memory.mjs';
import { sampleLines } from './sample-lines.mjs';

/**
 * @typedef {object} Writing
 * @property {string} directory
 * @property {string} key as `--key` takes it
 * @property {false | 'zstd' | 'gzip'} compress
 * @property {number} lines
 */

/**
 * @typedef {object} Written
 * @property {number} seconds
 * @property {number} cpu microseconds of CPU, helper threads included
 * @property {number} peak bytes of memory
 * @property {number} bytes of text
 */

/** Lines in one turn of the event loop. */
const BURST = 2_000;
/** Lines after which it waits for the disk. */
const AHEAD = 40_000;

/** @type {Writing} */
const { directory, key, compress, lines: count } = given();
const lines = sampleLines();
const keys = await keyFrom(key);
const writer = await openLogWriter({ keys, directory, compress });
const before = process.cpuUsage();
const since = performance.now();
for (let i = 0; i < count; ) {
  for (const end = i + BURST; i < end; i++) writer.append(lines[i % lines.length] ?? '');
  if (i % AHEAD === 0) await writer.flush();
  else await turn();
}
const { positions } = await writer.end();
const seconds = (performance.now() - since) / 1_000;
const { user, system } = process.cpuUsage(before);
/** @type {Written} */
const written = { seconds, cpu: user + system, peak: peakMemory(), bytes: positions.durable.bytes };
console.log(JSON.stringify(written));
