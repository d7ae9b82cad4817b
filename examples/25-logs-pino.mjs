// @ts-check
/*
 * A log archive behind pino: lines are sealed in another thread, and a flush calls back once they are durable.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import pino from 'pino';
import { keyFrom } from 'sealpipe/keys';
import { openLogReader } from 'sealpipe/logs';

const directory = 'archive';
await rm(directory, { recursive: true, force: true });
// In production this is the name of a key of AWS KMS: alias/logs.
const key = 'file:example.key';
await writeFile('example.key', '07'.repeat(32), { mode: 0o600 });

const transport = pino.transport({
  target: 'sealpipe/pino',
  options: { directory, key, context: { app: 'shop' } },
});
const logger = pino(transport);
logger.info({ order: 4711 }, 'paid');

// When this calls back, a power cut cannot take the lines before it away any more.
await new Promise((resolve, reject) => {
  logger.flush((error) => (error ? reject(error) : resolve(undefined)));
});
assert.deepEqual(await messages(), ['paid']);

// The archive in a folder has one writer: another logger fails, and says why.
const second = pino.transport({ target: 'sealpipe/pino', options: { directory, key } });
const [error] = await once(second, 'error');
assert.match(error.message, /ERR_SEALPIPE_LOCKED/);

// What a program logs until its end is in the archive as well: pino ends the transport with it.
logger.info('stopped');

/** The messages that the archive has so far. */
async function messages() {
  const keys = await keyFrom(key);
  const reader = await openLogReader({ keys, directory, encryptionContext: { app: 'shop' } });
  /** @type {string[]} */
  const found = [];
  for await (const { line } of reader) found.push(JSON.parse(String(line)).msg);
  await keys.close();
  return found;
}
