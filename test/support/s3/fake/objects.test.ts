import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { selfSigned } from '../certificate.js';
import { fakeForTests } from '../fake-for-tests.js';
import { FakeS3, REGION } from './fake-s3.js';

const here = fakeForTests();
const secure = fakeForTests(new FakeS3(selfSigned()));

async function put(Key: string, Body: string | Buffer, more = {}) {
  return here.client.send(new PutObjectCommand({ Bucket: here.bucket, Key, Body, ...more }));
}

async function get(Key: string, more = {}) {
  const answer = await here.client.send(new GetObjectCommand({ Bucket: here.bucket, Key, ...more }));
  return { answer, text: await answer.Body!.transformToString() };
}

it('keeps what comes with an object and gives it back', async () => {
  await put('a key', 'content', {
    ContentType: 'text/plain',
    Metadata: { one: 'two' },
    Tagging: 'a=b',
    StorageClass: 'STANDARD_IA',
  });
  const { answer, text } = await get('a key');
  expect(text).toBe('content');
  expect(answer).toMatchObject({
    ContentLength: 7,
    ContentType: 'text/plain',
    Metadata: { one: 'two' },
    StorageClass: 'STANDARD_IA',
    TagCount: 1,
    ServerSideEncryption: 'AES256',
  });
  const { TagSet } = await here.client.send(
    new GetObjectTaggingCommand({ Bucket: here.bucket, Key: 'a key' }),
  );
  expect(TagSet).toEqual([{ Key: 'a', Value: 'b' }]);
});

it('works over https', async () => {
  const { client, bucket } = secure;
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'k', Body: 'over TLS' }));
  const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: 'k' }));
  expect(await answer.Body!.transformToString()).toBe('over TLS');
});

it.each([
  ['bytes=0-2', 206, 'abc', 'bytes 0-2/6'],
  ['bytes=4-99', 206, 'ef', 'bytes 4-5/6'],
  ['bytes=-2', 206, 'ef', 'bytes 4-5/6'],
  ['bytes=3-', 206, 'def', 'bytes 3-5/6'],
  ['bytes=3-1', 200, 'abcdef', undefined],
])('answers %s', async (Range, status, text, contentRange) => {
  await put('k', 'abcdef');
  const { answer, ...got } = await get('k', { Range });
  expect(answer.$metadata.httpStatusCode).toBe(status);
  expect([got.text, answer.ContentRange]).toEqual([text, contentRange]);
});

it('refuses a range behind the end, and any range of an empty object', async () => {
  await put('k', 'abcdef');
  await put('empty', Buffer.alloc(0));
  const refusal = { name: 'InvalidRange', $metadata: { httpStatusCode: 416 } };
  await expect(get('k', { Range: 'bytes=6-7' })).rejects.toMatchObject(refusal);
  await expect(get('empty', { Range: 'bytes=0-0' })).rejects.toMatchObject(refusal);
});

it('looks at the conditions of reads and writes', async () => {
  const { ETag } = await put('k', 'one');
  await expect(put('k', 'two', { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  await expect(put('absent', 'two', { IfMatch: ETag })).rejects.toMatchObject({ name: 'NoSuchKey' });
  await put('k', 'two', { IfMatch: ETag });
  await expect(get('k', { IfMatch: ETag })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  const copy = { Bucket: here.bucket, Key: 'copy', CopySource: `${here.bucket}/k`, CopySourceIfMatch: ETag };
  await expect(here.client.send(new CopyObjectCommand(copy))).rejects.toMatchObject({
    name: 'PreconditionFailed',
  });
  here.fake.quirks.ignoresConditions = new Set(['GetObject']);
  expect((await get('k', { IfMatch: ETag })).text).toBe('two');
  here.fake.quirks.refusesConditions = new Set(['PutObject']);
  await expect(put('k', 'x', { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'NotImplemented' });
});

it('keeps versions, and hides an object behind a delete marker', async () => {
  const versioned = here.fake.world.createBucket('versioned', REGION, { versioning: true });
  const place = { Bucket: versioned.name, Key: 'k' };
  const first = await here.client.send(new PutObjectCommand({ ...place, Body: 'one' }));
  await here.client.send(new PutObjectCommand({ ...place, Body: 'two' }));
  const old = await here.client.send(new GetObjectCommand({ ...place, VersionId: first.VersionId! }));
  expect(await old.Body!.transformToString()).toBe('one');
  await here.client.send(new DeleteObjectCommand(place));
  await expect(here.client.send(new HeadObjectCommand(place))).rejects.toMatchObject({ name: 'NotFound' });
  const { Versions, DeleteMarkers } = await here.client.send(
    new ListObjectVersionsCommand({ Bucket: 'versioned' }),
  );
  expect([Versions?.length, DeleteMarkers?.length]).toEqual([2, 1]);
});

it('does not let a locked version go', async () => {
  here.fake.world.createBucket('locked', REGION, { objectLock: true });
  const lock = {
    ObjectLockMode: 'COMPLIANCE' as const,
    ObjectLockRetainUntilDate: new Date(Date.now() + 86_400_000),
  };
  const place = { Bucket: 'locked', Key: 'k' };
  const { VersionId } = await here.client.send(new PutObjectCommand({ ...place, ...lock, Body: 'kept' }));
  await expect(
    here.client.send(new DeleteObjectCommand({ ...place, VersionId: VersionId! })),
  ).rejects.toMatchObject({ name: 'AccessDenied' });
  await expect(put('k', 'x', lock)).rejects.toMatchObject({ name: 'InvalidRequest' });
});

it('compares every digest that comes with a body', async () => {
  await expect(put('k', 'x', { ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' })).rejects.toMatchObject({
    name: 'BadDigest',
  });
  await expect(put('k', 'x', { ChecksumCRC32: 'AAAAAA==' })).rejects.toMatchObject({ name: 'BadDigest' });
  await expect(put('k', 'x', { ChecksumCRC64NVME: 'AAAAAAAAAAA=' })).rejects.toMatchObject({
    name: 'BadDigest',
  });
  expect(here.fake.world.bucket(here.bucket).keys.size).toBe(0);
});

it('knows the check values of its checksums', async () => {
  const { checksumOf } = await import('./checksums.js');
  const check = [Buffer.from('1234'), Buffer.from('56789')];
  expect(Buffer.from(checksumOf('crc32', check), 'base64').toString('hex')).toBe('cbf43926');
  expect(Buffer.from(checksumOf('crc32c', check), 'base64').toString('hex')).toBe('e3069283');
  expect(Buffer.from(checksumOf('crc64nvme', check), 'base64').toString('hex')).toBe('ae8b14860a799888');
});

it('lists by pages, in the order of bytes, with keys that XML cannot hold', async () => {
  const keys = ['a/1', 'a/2', 'a b+c', 'ä', '\u{1f512}', '\uffff', 'z\u0001'];
  for (const key of keys) await put(key, key);
  here.fake.quirks.pageSize = 2;
  const listed: string[] = [];
  let token: string | undefined;
  do {
    const page = await here.client.send(
      new ListObjectsV2Command({
        Bucket: here.bucket,
        EncodingType: 'url',
        ...(token !== undefined && { ContinuationToken: token }),
      }),
    );
    listed.push(...(page.Contents ?? []).map(({ Key }) => decodeURIComponent(Key!.replaceAll('+', ' '))));
    token = page.NextContinuationToken;
  } while (token !== undefined);
  expect(listed).toEqual(keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  const folders = await here.client.send(new ListObjectsV2Command({ Bucket: here.bucket, Delimiter: '/' }));
  expect(folders.CommonPrefixes).toEqual([{ Prefix: 'a/' }]);
});
