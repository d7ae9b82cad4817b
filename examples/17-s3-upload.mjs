// @ts-check
/*
 * Amazon S3: seals the output of a program straight into an object, of any size, with `Upload` of
 * `@aws-sdk/lib-storage`. If the program, the encrypt stream or the upload fails, it ends the others: a backup that
 * dies half-way leaves no object and no parts, and last night's backup stays. (A process that is killed leaves parts:
 * the lifecycle rule AbortIncompleteMultipartUpload of the bucket removes them.)
 *
 * It needs a bucket that it may write to, and two packages that sealpipe does not bring along:
 *
 *   npm install @aws-sdk/client-s3 @aws-sdk/lib-storage
 *   BUCKET=my-bucket node 17-s3-upload.mjs
 *
 * To use another server than Amazon's, such as moto_server, set AWS_ENDPOINT_URL_S3.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { createDecryptStream, createEncryptStream, rawKey } from 'sealpipe';

// Without this, the AWS SDK warns on Node 20 that it will end its support for that version.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const Bucket = process.env.BUCKET;
if (!Bucket) throw new Error('name a bucket that may be written to: BUCKET=my-bucket');
const Key = 'sealpipe-example/numbers.sealed';
const encryptionContext = { purpose: 'backup', object: `s3://${Bucket}/${Key}` };
const keys = rawKey({ name: 'backup-2026', key: randomBytes(32) });
const client = new S3Client({});

/**
 * Seals what a program writes into the object, which is replaced only if the program exits with status 0.
 *
 * @param {string} program
 * @param {readonly string[]} words
 */
async function backUp(program, words) {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const succeeded = once(child, 'close').then(([status, signal]) => {
    if (status !== 0) throw new Error(`${program} ended with ${signal ?? `status ${status}`}`);
  });
  const seal = createEncryptStream({ keys, encryptionContext, confirm: succeeded });
  // S3 takes 10,000 parts: these are good for 97 GiB. About three of them are held in memory.
  const params = { Bucket, Key, Body: seal };
  const upload = new Upload({ client, params, partSize: 10 * 2 ** 20, queueSize: 2 });
  // Wait for both: the parts are gone only once the upload has also failed. Its error gives the real reason.
  const [stored] = await Promise.allSettled([upload.done(), pipeline(child.stdout, seal)]);
  if (stored.status === 'rejected') throw stored.reason;
}

/** The object, opened. */
async function restore() {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
  const body = /** @type {import('node:stream').Readable} */ (Body);
  // A stalled download has no time limit unless you set one.
  const signal = AbortSignal.timeout(60_000);
  return pipeline(body, createDecryptStream({ keys, encryptionContext }), buffer, { signal });
}

/** A program that prints numbers, this many bytes of them, and ends with this status. */
const numbers = (/** @type {number} */ bytes, status = 0) =>
  /** @type {const} */ (['sh', ['-c', `seq 1000000000 | head -c ${bytes}; exit ${status}`]]);

try {
  await backUp(...numbers(25_000_000));
  const good = await restore();
  assert.equal(good.length, 25_000_000);
  console.log('sealed 25000000 bytes into an object of several parts, and opened it again');

  for (const bytes of [0, 1_000, 25_000_000]) {
    await assert.rejects(backUp(...numbers(bytes, 7)), { code: 'ERR_SEALPIPE_CONFIRM' });
    assert(good.equals(await restore()));
  }
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: Key }));
  assert.deepEqual(Uploads, []);
  console.log('programs that failed after 0, 1000 and 25000000 bytes left the good object, and no parts');
} finally {
  await client.send(new DeleteObjectCommand({ Bucket, Key }));
  client.destroy();
}
