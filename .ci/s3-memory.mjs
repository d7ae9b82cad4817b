// @ts-check
// Downloads much data with decryptObject, over one connection and over four, and compares the peak memory of each with
// its peak over little data: it must not grow with the object. A small local server serves the objects from files.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { encryptFile, rawKey } from 'sealpipe';
import { decryptObject } from 'sealpipe/s3';
import { MIB, mib, peakOf, reportPeak, wordsOfWork } from './peak-memory.mjs';

const LITTLE = 128;
const MUCH = 5 * 1_024;
/** Garbage of the connections varies by less than this; a leak of one byte in a hundred would be 50 MiB. */
const MAY_GROW = 40 * MIB;
const BUCKET = 'the-bucket';
const keys = rawKey({ name: 'slow', key: Buffer.alloc(32, 7) });

const work = wordsOfWork();
if (work === undefined) await compare(Number(process.argv[2] ?? MUCH));
else {
  const [endpoint, size, concurrency] = work;
  await download(String(endpoint), `${size}.sealed`, Number(concurrency), Number(size) * MIB);
}

/** @param {number} much MiB */
async function compare(much) {
  const folder = mkdtempSync(join(tmpdir(), 'sealpipe-s3-'));
  const server = createServer((request, response) => {
    const path = join(folder, String(request.url).split('?')[0]?.split('/').pop() ?? '');
    const { size } = statSync(path);
    const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(String(request.headers.range)) ?? [];
    const [start, end] = [Number(first), Math.min(size - 1, last ? Number(last) : size)];
    response.writeHead(206, {
      etag: '"one"',
      'content-range': `bytes ${start}-${end}/${size}`,
      'content-length': end - start + 1,
    });
    createReadStream(path, { start, end }).pipe(response);
  });
  try {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    for (const size of [LITTLE, much]) await seal(folder, size);
    for (const concurrency of [1, 4]) {
      const endpoint = `http://127.0.0.1:${address.port}`;
      /** @param {number} size */
      const peak = (size) => peakOf(import.meta.url, [endpoint, String(size), String(concurrency)]);
      const [before, after] = [await peak(LITTLE), await peak(much)];
      console.log(
        `${concurrency} at once: peak ${mib(before)} at ${LITTLE} MiB, ${mib(after)} at ${much} MiB`,
      );
      assert.ok(after - before <= MAY_GROW, `the memory grew by ${mib(after - before)}`);
    }
  } finally {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} folder @param {number} size */
async function seal(folder, size) {
  const plain = join(folder, 'plain');
  writeFileSync(plain, '');
  truncateSync(plain, size * MIB);
  const encryptionContext = { 'sealpipe:bucket': BUCKET, 'sealpipe:key': `${size}.sealed` };
  await encryptFile(plain, join(folder, `${size}.sealed`), { keys, encryptionContext });
}

/** @param {string} endpoint @param {string} key @param {number} concurrency @param {number} size */
async function download(endpoint, key, concurrency, size) {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials });
  let bytes = 0;
  for await (const chunk of decryptObject({ client, bucket: BUCKET, key, keys, concurrency }))
    bytes += chunk.length;
  assert.equal(bytes, size);
  client.destroy();
  reportPeak();
}
