// @ts-check
/*
 * The header: what a sealed stream says about itself, read without a key; and the size of a stream, computed before it
 * is made. Nothing that `readHeader` returns is authenticated: only opening the stream proves it.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import {
  createDecryptStream,
  createEncryptStream,
  openedSize,
  rawKey,
  readHeader,
  sealedSize,
} from 'sealpipe';

const keys = rawKey({ name: 'media', key: randomBytes(32) });
const film = randomBytes(2_500_000);

const folder = await mkdtemp(join(tmpdir(), 'sealpipe-example-'));
const file = join(folder, 'film.sealed');
try {
  const seal = createEncryptStream({ keys, encryptionContext: { title: 'film' }, frameSize: 2 ** 18 });
  // The header is known before the first byte: time to set a Content-Length.
  const [[header]] = await Promise.all([
    once(seal, 'header'),
    pipeline([film], seal, createWriteStream(file)),
  ]);
  const { size } = await stat(file);
  assert.equal(sealedSize(film.length, header), size);

  const source = createReadStream(file);
  const seen = await readHeader(source);
  console.log(
    `${seen.suite}, frames of ${seen.frameSize} bytes, begun ${new Date(seen.created).toISOString()}`,
  );
  console.log(`context ${JSON.stringify(seen.encryptionContext)}, for ${seen.recipients[0]?.key}`);
  console.log(`${size} bytes sealed are ${openedSize(size, seen)} bytes of plaintext`);
  assert.equal(openedSize(size, seen), film.length);

  // What was read from the Readable has been put back: it can still be opened.
  const open = createDecryptStream({ keys });
  assert((await pipeline(source, open, buffer)).equals(film));
  assert.deepEqual(open.header, seen);
} finally {
  await rm(folder, { recursive: true });
}
