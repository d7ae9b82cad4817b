// @ts-check
/*
 * Objects of Amazon S3: sealed into a bucket, opened whole and in ranges, listed, and restored in another place.
 *
 * It needs a bucket that it may write to:
 *
 *   BUCKET=my-bucket node 20-s3-objects.mjs
 *
 * To use another server than Amazon's, such as moto_server, set AWS_ENDPOINT_URL_S3.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { CopyObjectCommand, DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { openSealed, rawKey, verify } from 'sealpipe';
import { decryptObject, encryptObject, listSealedObjects, s3Source } from 'sealpipe/s3';

// Without this, the AWS SDK warns on Node 20 that it will end its support for that version.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const bucket = process.env.BUCKET;
if (!bucket) throw new Error('name a bucket that may be written to: BUCKET=my-bucket');
const client = new S3Client({});
const keys = rawKey({ name: 'backup-2026', key: randomBytes(32) });
const [key, copy] = ['sealpipe-example/book.sealed', 'sealpipe-example/restored.sealed'];
const plaintext = Buffer.alloc(1_000_000, 'All work and no play. ');

try {
  await encryptObject({ client, bucket, key, body: plaintext, keys, overwrite: true });
  assert.deepEqual(await buffer(decryptObject({ client, bucket, key, keys })), plaintext);

  // Only the frames of a range are fetched, and each of them is authenticated.
  const encryptionContext = { 'sealpipe:bucket': bucket, 'sealpipe:key': key };
  const reader = await openSealed(s3Source({ client, bucket, key }), { keys, encryptionContext });
  assert.equal(String(await reader.read(22, 30)), 'All work');
  await reader.close();
  assert.equal((await verify(s3Source({ client, bucket, key }), { keys })).complete, true);

  // No key is needed for a listing, and the sizes in it are claims.
  for await (const object of listSealedObjects({ client, bucket, prefix: key })) {
    assert.deepEqual([object.key, object.plaintextSize], [key, plaintext.length]);
  }

  // A copy opens only for readers who know where it comes from.
  await client.send(new CopyObjectCommand({ Bucket: bucket, Key: copy, CopySource: `${bucket}/${key}` }));
  const inPlace = buffer(decryptObject({ client, bucket, key: copy, keys }));
  await assert.rejects(inPlace, { code: 'ERR_SEALPIPE_CONTEXT' });
  const location = `s3://${bucket}/${key}`;
  assert.deepEqual(await buffer(decryptObject({ client, bucket, key: copy, location, keys })), plaintext);
} finally {
  for (const Key of [key, copy]) await client.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
  client.destroy();
}
console.log(`s3://${bucket}/${key}: sealed, opened, read in ranges, listed, restored elsewhere`);
