// @ts-check
/*
 * What a log archive proves, and what only a checkpoint kept elsewhere can prove: that its end was not cut off.
 */
import assert from 'node:assert/strict';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { rawKey } from 'sealpipe';
import { openLogWriter, verifyArchive } from 'sealpipe/logs';

const keys = rawKey({ name: 'example', key: Buffer.alloc(32, 7) });
const directory = 'archive';
await rm(directory, { recursive: true, force: true });

const writer = await openLogWriter({ keys, directory });
writer.append('one');
await writer.rotate();
writer.append('two');
// Keep it where nobody who can change the archive can change it: it is plain JSON, and holds nothing of the lines.
const checkpoint = await writer.checkpoint();
await writer.close();

const before = await verifyArchive({ directory, keys, checkpoint });
assert.equal(before.verified, true);
assert.equal(before.archives[0]?.lines, 2);

// Without keys, the files only agree with each other: that is never called verified.
const without = await verifyArchive({ directory });
assert.deepEqual([without.verified, without.authenticated], [false, false]);

// Somebody removes the last segment. The rest of the chain verifies, but not against the checkpoint.
const folder = join(directory, checkpoint.archive);
const last = (await readdir(folder)).find((name) => name.startsWith('000000000001'));
await rm(join(folder, String(last)));
const cut = await verifyArchive({ directory, keys });
assert.equal(cut.verified, true);
const after = await verifyArchive({ directory, keys, checkpoint });
assert.equal(after.verified, false);
assert.equal(after.archives[0]?.problems[0]?.code, 'ERR_SEALPIPE_ARCHIVE');
