// @ts-check
/*
 * A log archive in S3: segments are uploaded when they end, are read back whole, and only then leave the folder. The
 * next start uploads what a run did not get to.
 *
 * It needs a bucket that it may write to:
 *
 *   BUCKET=my-bucket node 26-logs-s3.mjs
 *
 * To use another server than Amazon's, such as moto_server, set AWS_ENDPOINT_URL_S3.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { rawKey } from 'sealpipe';
import { openLogReader, openLogWriter, verifyArchive } from 'sealpipe/logs';

// Without this, the AWS SDK warns on Node 20 that it will end its support for that version.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const bucket = process.env.BUCKET;
if (!bucket) throw new Error('name a bucket that may be written to: BUCKET=my-bucket');
const client = new S3Client({});
const keys = rawKey({ name: 'example', key: randomBytes(32) });
const directory = await mkdtemp(join(tmpdir(), 'sealpipe-logs-'));
const store = `s3://${bucket}/sealpipe-example`;
const where = { keys, directory, store, client };

/** The objects of an archive. @param {string} archive */
async function segments(archive) {
  const Prefix = `sealpipe-example/${archive}/`;
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }));
  return Contents.map(({ Key }) => Key ?? '');
}

let archive = '';
try {
  const writer = await openLogWriter(where);
  archive = writer.archive;
  const started = writer.append('started');
  // A segment is uploaded when it ends: by time, by size, or now.
  await writer.rotate();
  await writer.whenStored(started);
  assert.deepEqual(writer.positions.stored, started);
  await writer.end();

  // A run that gives uploads no time: the segments that it leaves are reported, and are safe in the folder.
  const hurried = await openLogWriter({ ...where, drain: 0 });
  hurried.append('in a hurry');
  const { notStored = [] } = await hurried.end();
  assert.deepEqual(
    notStored.map((segment) => segment.archive),
    notStored.map(() => archive),
  );

  // The next run continues the archive, although its stored segments are no longer in the folder. `end()` gives uploads
  // only the time of `drain`, 8 s by default; `whenStored` waits for as long as they take.
  const next = await openLogWriter(where);
  assert.equal(next.archive, archive);
  const stopped = next.append('stopped');
  await next.rotate();
  await next.whenStored(stopped);
  assert.deepEqual((await next.end()).notStored, []);

  // Anybody with the key who may read the bucket can read the archive there.
  const reader = await openLogReader({ keys, store, client, archive });
  const lines = [];
  for await (const { line } of reader) lines.push(String(line));
  assert.deepEqual(lines, ['started', 'in a hurry', 'stopped']);
  const { verified } = await verifyArchive({ keys, store, client, archive });
  assert.equal(verified, true);
  console.log(`${(await segments(archive)).length} segments of ${archive} are in the bucket, and verify`);
} finally {
  if (archive !== '') {
    for (const Key of await segments(archive))
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
  }
  client.destroy();
  await rm(directory, { recursive: true, force: true });
}
