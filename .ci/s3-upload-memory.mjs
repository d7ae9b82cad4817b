// @ts-check
// Uploads much data of unknown length with encryptObject, and compares the peak memory with that over little data: it
// must not grow with the object. The server accepts every part and keeps nothing.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { S3Client } from '@aws-sdk/client-s3';
import { rawKey } from 'sealpipe';
import { encryptObject } from 'sealpipe/s3';
import { MIB, mib, peakOf, reportPeak, wordsOfWork } from './peak-memory.mjs';

const LITTLE = 128;
const MUCH = 5 * 1_024;
const MAY_GROW = 24 * MIB;
/** Twice the four parts of 8 MiB that are in flight, and 32 MiB for everything else. */
const AT_MOST_OVER_IDLE = 2 * 32 * MIB + 32 * MIB;

const work = wordsOfWork();
if (work === undefined) await compare(Number(process.argv[2] ?? MUCH));
else await upload(String(work[0]), Number(work[1]));

/** @param {number} much MiB */
async function compare(much) {
  /** @type {Map<string, string>} */
  const parts = new Map();
  const server = createServer((request, response) => {
    const query = new URL(String(request.url), 'http://localhost').searchParams;
    const number = query.get('partNumber');
    let length = 0;
    request.on('data', (chunk) => {
      length += chunk.length;
    });
    request.on('end', () => {
      response.setHeader('etag', `"${number}"`);
      if (request.method === 'HEAD') response.writeHead(404).end();
      else if (number !== null) {
        parts.set(
          number,
          `<Part><PartNumber>${number}</PartNumber><ETag>"${number}"</ETag><Size>${length}</Size></Part>`,
        );
        response.end();
      } else if (request.method === 'GET') {
        const list = [...parts].sort(([a], [b]) => Number(a) - Number(b)).map(([, part]) => part);
        response.end(`<ListPartsResult><IsTruncated>false</IsTruncated>${list.join('')}</ListPartsResult>`);
      } else if (query.has('uploads')) {
        parts.clear();
        response.end(
          '<InitiateMultipartUploadResult><UploadId>one</UploadId></InitiateMultipartUploadResult>',
        );
      } else
        response.end('<CompleteMultipartUploadResult><ETag>"all"</ETag></CompleteMultipartUploadResult>');
    });
  });
  try {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    const url = `http://127.0.0.1:${address.port}`;
    /** @param {number} size */
    const peak = (size) => peakOf(import.meta.url, [url, String(size)]);
    const [idle, before, after] = [await peak(0), await peak(LITTLE), await peak(much)];
    console.log(`peak ${mib(idle)} idle, ${mib(before)} at ${LITTLE} MiB, ${mib(after)} at ${much} MiB`);
    assert.ok(after - before <= MAY_GROW, `the memory grew by ${mib(after - before)}`);
    assert.ok(after - idle <= AT_MOST_OVER_IDLE, `${mib(after - idle)} over an idle process`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** @param {string} endpoint @param {number} size MiB; 0 uploads a single byte */
async function upload(endpoint, size) {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials });
  const keys = rawKey({ name: 'slow', key: Buffer.alloc(32, 7) });
  const body = size === 0 ? Buffer.alloc(1) : zeros(size * MIB);
  const { bytesIn } = await encryptObject({ client, bucket: 'the-bucket', key: `${size}`, body, keys });
  assert.equal(bytesIn, Math.max(1, size * MIB));
  client.destroy();
  reportPeak();
}

/** @param {number} size */
async function* zeros(size) {
  const chunk = Buffer.alloc(65_536);
  for (let done = 0; done < size; done += chunk.length) yield chunk;
}
