import type { CompletedPart, CreateMultipartUploadCommandInput } from '@aws-sdk/client-s3';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { fakeForTests } from '../fake-for-tests.js';

const here = fakeForTests();
const MIB = 2 ** 20;
const Key = 'k';

async function begin(more: Partial<CreateMultipartUploadCommandInput> = {}): Promise<string> {
  const command = new CreateMultipartUploadCommand({ Bucket: here.bucket, Key, ...more });
  return (await here.client.send(command)).UploadId!;
}

async function part(UploadId: string, PartNumber: number, size: number): Promise<CompletedPart> {
  const command = new UploadPartCommand({
    Bucket: here.bucket,
    Key,
    UploadId,
    PartNumber,
    Body: Buffer.alloc(size, PartNumber),
  });
  const { ETag, ChecksumCRC32 } = await here.client.send(command);
  return { PartNumber, ETag: ETag!, ...(ChecksumCRC32 && { ChecksumCRC32 }) };
}

function complete(UploadId: string, Parts: CompletedPart[], more = {}) {
  const input = { Bucket: here.bucket, Key, UploadId, MultipartUpload: { Parts }, ...more };
  return here.client.send(new CompleteMultipartUploadCommand(input));
}

it('makes an object of parts, which can be read one by one', async () => {
  const id = await begin({ ChecksumAlgorithm: 'CRC32' });
  const parts = [await part(id, 1, 5 * MIB), await part(id, 2, 7)];
  const { ETag, ChecksumCRC32 } = await complete(id, parts, { MpuObjectSize: 5 * MIB + 7 });
  expect(ETag).toMatch(/-2"$/);
  expect(ChecksumCRC32).toMatch(/-2$/);
  const second = await here.client.send(new GetObjectCommand({ Bucket: here.bucket, Key, PartNumber: 2 }));
  expect([second.PartsCount, second.ContentRange]).toEqual([
    2,
    `bytes ${5 * MIB}-${5 * MIB + 6}/${5 * MIB + 7}`,
  ]);
  expect(await second.Body!.transformToByteArray()).toEqual(new Uint8Array(7).fill(2));
});

it('refuses lists of parts that S3 refuses', async () => {
  const id = await begin();
  const [one, two, three] = [await part(id, 1, 5 * MIB), await part(id, 2, 5 * MIB), await part(id, 3, 1)];
  await expect(complete(id, [two, one])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
  await expect(complete(id, [one, three])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
  await expect(complete(id, [one, { ...two, ETag: '"0"' }])).rejects.toMatchObject({ name: 'InvalidPart' });
  await expect(complete(id, [{ ...one, ChecksumCRC32: 'AAAAAA==' }])).rejects.toMatchObject({
    name: 'InvalidPart',
  });
  await expect(complete(id, [one], { MpuObjectSize: 1 })).rejects.toMatchObject({ name: 'InvalidRequest' });
  const small = await part(id, 1, 100);
  await expect(complete(id, [small, two])).rejects.toMatchObject({ name: 'EntityTooSmall' });
  await expect(part(id, 0, 1)).rejects.toMatchObject({ name: 'InvalidArgument' });
  await expect(part(id, 10_001, 1)).rejects.toMatchObject({ name: 'InvalidArgument' });
});

it('compares the checksum of the whole object', async () => {
  const id = await begin({ ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
  const parts = [await part(id, 1, 10)];
  const wrong = { ChecksumCRC32: 'AAAAAA==', ChecksumType: 'FULL_OBJECT' };
  await expect(complete(id, parts, wrong)).rejects.toMatchObject({ name: 'BadDigest' });
  await complete(id, parts);
  const head = await here.client.send(
    new HeadObjectCommand({ Bucket: here.bucket, Key, ChecksumMode: 'ENABLED' }),
  );
  expect(head).toMatchObject({ ChecksumCRC32: parts[0]!.ChecksumCRC32, ChecksumType: 'FULL_OBJECT' });
});

it('completes under conditions, and tells 412 from 409', async () => {
  const { ETag } = await here.client.send(new PutObjectCommand({ Bucket: here.bucket, Key, Body: 'old' }));
  const id = await begin();
  const parts = [await part(id, 1, 1)];
  await expect(complete(id, parts, { IfNoneMatch: '*' })).rejects.toMatchObject({
    name: 'PreconditionFailed',
  });
  await expect(complete(id, parts, { IfMatch: '"other"' })).rejects.toMatchObject({
    name: 'PreconditionFailed',
  });
  here.fake.fault('CompleteMultipartUpload', { kind: 'conflict' });
  await expect(complete(id, parts, { IfMatch: ETag })).rejects.toMatchObject({
    name: 'ConditionalRequestConflict',
    $metadata: { httpStatusCode: 409 },
  });
  await expect(complete(id, parts)).rejects.toMatchObject({ name: 'NoSuchUpload' });
});

it('copies ranges that lie inside of their source', async () => {
  const CopySource = `${here.bucket}/source`;
  const source = { Bucket: here.bucket, Key: 'source', Body: Buffer.alloc(6 * MIB, 9) };
  const { ETag } = await here.client.send(new PutObjectCommand(source));
  const UploadId = await begin();
  const copy = (CopySourceRange: string, more = {}) =>
    here.client.send(
      new UploadPartCopyCommand({
        Bucket: here.bucket,
        Key,
        UploadId,
        PartNumber: 1,
        CopySource,
        CopySourceRange,
        ...more,
      }),
    );
  await expect(copy(`bytes=0-${6 * MIB}`)).rejects.toMatchObject({ name: 'InvalidArgument' });
  await expect(copy('bytes=0-9', { CopySourceIfMatch: '"x"' })).rejects.toMatchObject({
    name: 'PreconditionFailed',
  });
  const { CopyPartResult } = await copy('bytes=0-9', { CopySourceIfMatch: ETag });
  await complete(UploadId, [{ PartNumber: 1, ETag: CopyPartResult!.ETag! }]);
  const head = await here.client.send(new HeadObjectCommand({ Bucket: here.bucket, Key }));
  expect(head.ContentLength).toBe(10);
});

it('lists parts and uploads by pages, and forgets what was aborted', async () => {
  here.fake.quirks.pageSize = 2;
  const ids = [await begin(), await begin(), await begin()].sort();
  for (const number of [3, 1, 2]) await part(ids[0]!, number, number);
  const place = { Bucket: here.bucket, Key, UploadId: ids[0]! };
  const first = await here.client.send(new ListPartsCommand(place));
  const next = await here.client.send(
    new ListPartsCommand({ ...place, PartNumberMarker: first.NextPartNumberMarker! }),
  );
  expect([first.IsTruncated, next.IsTruncated]).toEqual([true, false]);
  expect([...first.Parts!, ...next.Parts!].map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
  ]);
  const uploads = await here.client.send(new ListMultipartUploadsCommand({ Bucket: here.bucket }));
  const rest = await here.client.send(
    new ListMultipartUploadsCommand({
      Bucket: here.bucket,
      KeyMarker: uploads.NextKeyMarker!,
      UploadIdMarker: uploads.NextUploadIdMarker!,
    }),
  );
  expect([...uploads.Uploads!, ...rest.Uploads!].map(({ UploadId }) => UploadId)).toEqual(ids);
  await here.client.send(new AbortMultipartUploadCommand(place));
  await expect(part(ids[0]!, 4, 1)).rejects.toMatchObject({ name: 'NoSuchUpload' });
  await expect(here.client.send(new ListPartsCommand(place))).rejects.toMatchObject({ name: 'NoSuchUpload' });
});

it('takes a 200 that holds an error for an error, as the client does', async () => {
  const id = await begin();
  const parts = [await part(id, 1, 1)];
  here.fake.fault('CompleteMultipartUpload', { kind: 'refuse', status: 200, code: 'InternalError' });
  await expect(complete(id, parts)).rejects.toMatchObject({ name: 'InternalError' });
  here.fake.fault('CompleteMultipartUpload', { kind: 'cut answer', after: -1 });
  await expect(complete(id, parts)).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(here.fake.world.bucket(here.bucket).keys.has(Key)).toBe(true);
});
