// @ts-check
/*
 * Restores the lines of one hour from a log archive into a file: only the segments of that hour are opened.
 */
import assert from 'node:assert/strict';
import { createWriteStream } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { rawKey } from 'sealpipe';
import { openLogReader, openLogWriter } from 'sealpipe/logs';

const keys = rawKey({ name: 'example', key: Buffer.alloc(32, 7) });
const directory = 'archive';
await rm(directory, { recursive: true, force: true });

const writer = await openLogWriter({ keys, directory });
for (const line of ['one', 'two', 'three']) {
  writer.append(line);
  await writer.rotate();
}
await writer.close();

/** @param {number} since @param {number} until */
async function restore(since, until) {
  const reader = await openLogReader({ keys, directory, since, until });
  await pipeline(async function* () {
    for await (const { lines } of reader.batches()) for (const line of lines) yield `${line}\n`;
  }, createWriteStream('restored.log'));
  return reader.report.archives[0];
}

const hour = 3_600_000;
const report = await restore(Date.now() - hour, Date.now() + 1);
assert.equal(await readFile('restored.log', 'utf8'), 'one\ntwo\nthree\n');
assert.equal(report?.way, 'names');

// No line is from the hour before, so nothing is read.
const none = await restore(Date.now() - 2 * hour, Date.now() - hour);
assert.deepEqual([none?.lines, none?.read], [0, 0]);
