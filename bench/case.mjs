// @ts-check
/*
 * One case in a process of its own, by benny: one op is one whole stream from memory to a null sink. Takes the case
 * as JSON, prints what it measured as JSON.
 */
import { randomBytes } from 'node:crypto';
import { PerformanceObserver } from 'node:perf_hooks';
import { pipeline } from 'node:stream/promises';
import benny from 'benny';
import { createDecryptStream, createEncryptStream, encrypt, rawKey } from 'sealpipe';
import { peakMemory } from './peak-memory.mjs';
import { quantile } from './statistics.mjs';
import { memorySource, nullSink } from './streams.mjs';

/** @type {import('./cases.mjs').Case} */
const { engine, suite, direction, layout, frameSize, chunkSize, size } = JSON.parse(process.argv[2] ?? '');
const keys = rawKey({ name: 'bench', key: randomBytes(32) });
const plaintext = randomBytes(Math.min(size, 32 * 2 ** 20));
const sealed =
  direction === 'decrypt'
    ? await encrypt(plaintext, { keys, suite, layout, frameSize, engine })
    : Buffer.alloc(0);

let collecting = 0;
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) collecting += duration;
}).observe({ entryTypes: ['gc'] });

/** @type {Record<'encrypt' | 'decrypt', { bytes: number, run: () => Promise<void> }>} */
const work = {
  encrypt: {
    bytes: size,
    run: () =>
      pipeline(
        memorySource(plaintext, chunkSize, size),
        createEncryptStream({ keys, suite, layout, frameSize, engine }),
        nullSink(),
      ),
  },
  decrypt: {
    bytes: plaintext.length,
    run: () =>
      pipeline(
        memorySource(sealed, chunkSize, sealed.length),
        createDecryptStream({ keys, engine }),
        nullSink(),
      ),
  },
};
const { bytes, run } = work[direction];

let ops = 0;
const counted = async () => {
  ops += 1;
  await run();
};
const write = process.stdout.write;
// benny prints while it works; standard output is for the JSON.
process.stdout.write = () => true;
const cpuBefore = process.cpuUsage();
const summary = await benny.suite('', benny.add('', counted, { minSamples: 7, maxTime: 1 }));
const { user, system } = process.cpuUsage(cpuBefore);
process.stdout.write = write;

const seconds = summary.results[0]?.details.sampleResults ?? [];
const rates = seconds.map((second) => bytes / 1e9 / second);
const gigabytes = (bytes * ops) / 1e9;
console.log(
  JSON.stringify({
    median: quantile(rates, 0.5),
    low: quantile(rates, 0.05),
    high: quantile(rates, 0.95),
    cpu: (user + system) / 1e6 / gigabytes,
    collecting: collecting / gigabytes,
    peak: peakMemory() / 2 ** 20,
  }),
);
