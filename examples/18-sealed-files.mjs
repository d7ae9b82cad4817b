// @ts-check
/*
 * Work on a sealed file without opening it whole: a range, a check, and what can be saved after damage.
 */
import assert from 'node:assert/strict';
import { open, writeFile } from 'node:fs/promises';
import { encrypt, openSealed, rawKey, recover, verify } from 'sealpipe';

const keys = rawKey({ name: 'example', key: Buffer.alloc(32, 7) });
const plaintext = Buffer.alloc(1_000_000, 'All work and no play. ');
await writeFile('book.sealed', await encrypt(plaintext, { keys }));

// Only the frames of the range are read, and each of them is authenticated.
const reader = await openSealed('book.sealed', { keys });
assert.equal(String(await reader.read(22, 30)), 'All work');
assert.equal(await reader.size(), plaintext.length);
await reader.close();

assert.equal((await verify('book.sealed', { keys })).complete, true);

// One byte of the fourth frame is damaged on the disk.
const file = await open('book.sealed', 'r+');
await file.write(Buffer.of(0xff), 0, 1, 220_000);
await file.close();
const { fault } = await verify('book.sealed', { keys });
assert.deepEqual([fault?.code, fault?.frame], ['ERR_SEALPIPE_AUTHENTICATION', 3]);

// The other frames are saved, each at its place. The report cannot be mistaken for that of a whole file.
const recovery = await recover('book.sealed', { keys });
const saved = [];
for await (const piece of recovery.createReadStream({ zeroFill: true })) saved.push(piece);
const { complete, gaps } = await recovery.report;
assert.equal(Buffer.concat(saved).length, plaintext.length);
assert.deepEqual([complete, gaps.length, gaps[0]?.frames], [false, 1, 1]);
