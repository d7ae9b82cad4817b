// @ts-check
/*
 * Writes the lines of a stream to a log archive: of standard input or, as here, of another program's output.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { rawKey } from 'sealpipe';
import { openLogReader, openLogWriter } from 'sealpipe/logs';

const keys = rawKey({ name: 'example', key: Buffer.alloc(32, 7) });
const directory = 'archive';
await rm(directory, { recursive: true, force: true });

// Open the writer before you start the program. When a program ends, Node discards output that nothing has begun to read.
const writer = await openLogWriter({ keys, directory, rotate: { bytes: 256 * 1024 * 1024 } });
const app = spawn(process.execPath, ['-e', "for (const n of [1, 2, 3]) console.log('line', n)"]);

// Newlines cut it into lines. If the disk cannot keep up, the program is held back. In a program of your own this is
// `pipeline(process.stdin, writer.stream)`.
await pipeline(app.stdout, writer.stream);
const { archive, positions } = await writer.end();
assert.equal(positions.durable.records, 3);

const reader = await openLogReader({ keys, directory, archive, last: 1 });
for await (const { line } of reader) assert.equal(String(line), 'line 3');
