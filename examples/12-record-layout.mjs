// @ts-check
/*
 * The record layout: a log whose lines can be read as soon as they are flushed. A crash loses only lines that were not
 * flushed.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { finished, pipeline } from 'node:stream/promises';
import { createDecryptStream, createEncryptStream, rawKey } from 'sealpipe';

const keys = rawKey({ name: 'log', key: randomBytes(32) });

// The log and somebody who follows it.
const log = createEncryptStream({ keys, layout: 'record' });
const follower = createDecryptStream({ keys });
const followed = follower[Symbol.asyncIterator]();
const broken = pipeline(log, follower).then(
  () => assert.fail('the log looked whole'),
  (error) => error,
);

for (const line of ['started\n', 'order 17 came in\n']) {
  log.write(line);
  await log.flush(); // its frame is on its way
  const { value } = await followed.next();
  assert.equal(String(value), line);
  console.log(`followed: ${line.trim()}`);
}

log.write('never flushed\n');
log.destroy(new Error('crashed'));
assert.equal((await broken).message, 'crashed');
await assert.rejects(followed.next());

// The same with what a crash left behind: the flushed lines come, and then the error.
const crashing = createEncryptStream({ keys, layout: 'record' });
crashing.write('flushed\n');
await crashing.flush();
/** @type {Uint8Array[]} */
const left = [];
for (let bytes = crashing.read(); bytes !== null; bytes = crashing.read()) left.push(bytes);
crashing.destroy();

const open = createDecryptStream({ keys });
open.write(Buffer.concat(left));
const [line] = await once(open, 'data');
assert.equal(String(line), 'flushed\n');
open.end();
await assert.rejects(finished(open), { cutShort: true });
console.log('of a log that was cut off: every flushed line, and an error that is `cutShort`');
