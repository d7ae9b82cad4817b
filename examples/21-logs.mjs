// @ts-check
/*
 * A log archive: lines that are sealed as they come, acknowledged when they are safe, and read while they are written.
 */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { rawKey } from 'sealpipe';
import { openLogReader, openLogWriter } from 'sealpipe/logs';

const keys = rawKey({ name: 'example', key: Buffer.alloc(32, 7) });
const directory = 'archive';
await rm(directory, { recursive: true, force: true });

const writer = await openLogWriter({ keys, directory, encryptionContext: { log: 'payments' } });
writer.append('started');

// Resolves once a power cut cannot take the line away any more.
await writer.whenDurable(writer.append(JSON.stringify({ event: 'paid', order: 4711 })));
assert.equal(writer.positions.durable.records, 2);

// Anybody with the key can read it at once, up to its last whole frame. The context is required here.
const reader = await openLogReader({ keys, directory, encryptionContext: { log: 'payments' } });
const lines = [];
for await (const { line, first } of reader) lines.push([String(line), first <= Date.now()]);
assert.deepEqual(lines, [
  ['started', true],
  ['{"event":"paid","order":4711}', true],
]);

writer.append('stopped');
const end = await writer.end();
assert.equal(end.positions.durable.records, 3);
