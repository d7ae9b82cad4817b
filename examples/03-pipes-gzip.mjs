// @ts-check
/*
 * Pipes: compress, then seal; open, then decompress. (Sealed bytes do not compress.) `pipeline` carries an error of
 * any stage to all the others, which `.pipe()` does not.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { createDecryptStream, createEncryptStream, rawKey } from 'sealpipe';

const keys = rawKey({ name: 'logs', key: randomBytes(32) });
const lines = Array.from({ length: 10_000 }, (_, i) => `${i} GET /api/orders/${i % 100} 200\n`);

const folder = await mkdtemp(join(tmpdir(), 'sealpipe-example-'));
const file = join(folder, 'access.log.gz.sealed');
try {
  // `content` is a hint for whoever looks at the header: nothing acts on it.
  const seal = createEncryptStream({ keys, content: { encoding: 'gzip', type: 'text/plain' } });
  await pipeline(lines, createGzip(), seal, createWriteStream(file));

  const log = await pipeline(createReadStream(file), createDecryptStream({ keys }), createGunzip(), text);
  assert.equal(log, lines.join(''));
  assert(seal.bytesOut < log.length / 4);
  console.log(`${log.length} bytes of log became ${seal.bytesIn} by gzip and ${seal.bytesOut} sealed`);
} finally {
  await rm(folder, { recursive: true });
}
