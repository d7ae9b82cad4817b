// @ts-check
/*
 * A writer and a reader that follows it, in one process: takes the interval as JSON, prints as JSON how much longer
 * than the interval each line took from `append` until the reader returned it, in milliseconds.
 */

import { setTimeout as pause } from 'node:timers/promises';
import { rawKey } from 'sealpipe';
import { openLogReader, openLogWriter } from 'sealpipe/logs';
import { given } from '../child.mjs';

/** @type {{ directory: string, interval: number, lines: number }} */
const { directory, interval, lines: count } = given();
const keys = rawKey({ name: 'bench', key: Buffer.alloc(32, 7) });
const writer = await openLogWriter({ keys, directory, flush: { interval } });
await writer.whenDurable(writer.append('the first line, which opens everything'));
const reader = await openLogReader({ keys, directory, follow: true });
const batches = reader.batches();
await batches.next();
const late = [];
for (let i = 0; i < count; i++) {
  // At a random moment of the reader's pauses.
  await pause(Math.random() * 50);
  const since = performance.now();
  writer.append(`line ${i}`);
  await batches.next();
  late.push(performance.now() - since - interval);
}
await reader.close();
await writer.end();
console.log(JSON.stringify(late));
