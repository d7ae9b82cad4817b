import type { S3Client as Client, CompletedPart } from '@aws-sdk/client-s3';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListPartsCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { decryptObject } from '../../../src/s3/index.js';
import { outcome } from '../../support/outcome.js';
import { keys } from '../../support/test-keys.js';
import type { Row } from './row.js';
import { bucket, put } from './row.js';

const MIB = 2 ** 20;

/** What the rest relies on, of every store. */
export const STORE_ROWS: readonly Row[] = [
  {
    says: 'makes an object of parts, and refuses small ones',
    run: async (client) => {
      const { complete, upload } = await begin(client, 'parts', [5 * MIB, 3]);
      const listed = await client.send(new ListPartsCommand(upload));
      expect(listed.Parts?.map(({ Size }) => Size)).toEqual([5 * MIB, 3]);
      await complete();
      expect((await client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'parts' }))).ContentLength).toBe(
        5 * MIB + 3,
      );
      const small = await begin(client, 'small', [100, 3]);
      await expect(small.complete()).rejects.toMatchObject({ name: 'EntityTooSmall' });
    },
  },
  {
    says: 'forgets an upload that was aborted',
    run: async (client) => {
      const { upload } = await begin(client, 'aborted', [10]);
      await client.send(new AbortMultipartUploadCommand(upload));
      await expect(client.send(new ListPartsCommand(upload))).rejects.toMatchObject({
        name: expect.stringMatching(/^NoSuch(Upload|Key)$/),
      });
    },
  },
  {
    says: 'refuses a put of what is there',
    needs: ['put ifNoneMatch'],
    run: async (client) => {
      await put(client, 'there', Buffer.from('x'));
      await expect(put(client, 'there', Buffer.from('y'), { IfNoneMatch: '*' })).rejects.toEqual(
        refuses('PreconditionFailed', 412),
      );
    },
  },
  {
    says: 'completes no upload over what is there',
    needs: ['complete ifNoneMatch'],
    run: async (client) => {
      await put(client, 'taken', Buffer.from('x'));
      const { complete } = await begin(client, 'taken', [10]);
      await expect(complete(undefined, { IfNoneMatch: '*' })).rejects.toMatchObject({
        name: 'PreconditionFailed',
      });
    },
  },
  {
    says: 'completes an upload over one version alone',
    needs: ['complete ifMatch'],
    run: async (client) => {
      await put(client, 'matched', Buffer.from('x'));
      const { complete } = await begin(client, 'matched', [10]);
      await expect(complete(undefined, { IfMatch: '"other"' })).rejects.toMatchObject({
        name: 'PreconditionFailed',
      });
    },
  },
  {
    says: 'compares the size of the whole object',
    needs: ['object size'],
    run: async (client) => {
      const { complete } = await begin(client, 'sized', [10]);
      await expect(complete(undefined, { MpuObjectSize: 11 })).rejects.toMatchObject({
        name: 'InvalidRequest',
      });
    },
  },
  {
    says: 'refuses parts out of order',
    needs: ['part order'],
    run: async (client) => {
      const { complete, Parts } = await begin(client, 'order', [5 * MIB, 5 * MIB]);
      await expect(complete([...Parts].reverse())).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    },
  },
  {
    says: 'compares the checksum of a part',
    needs: ['checksums'],
    run: async (client) => {
      await expect(put(client, 'sum', Buffer.from('x'), { ChecksumCRC32: 'AAAAAA==' })).rejects.toMatchObject(
        {
          name: 'BadDigest',
        },
      );
    },
  },
  {
    says: 'copies no part of another version',
    needs: ['copy source ifMatch'],
    run: async (client) => {
      await put(client, 'source', Buffer.alloc(10));
      const { upload } = await begin(client, 'copied', []);
      const copy = { ...upload, PartNumber: 1, CopySource: `${bucket}/source`, CopySourceIfMatch: '"other"' };
      await expect(client.send(new UploadPartCopyCommand(copy))).rejects.toMatchObject({
        name: 'PreconditionFailed',
      });
    },
  },
  {
    says: 'gives an object part by part',
    needs: ['part number reads'],
    run: async (client) => {
      const { complete } = await begin(client, 'by-part', [5 * MIB, 7]);
      await complete();
      const second = await client.send(
        new GetObjectCommand({ Bucket: bucket, Key: 'by-part', PartNumber: 2 }),
      );
      expect((await second.Body!.transformToByteArray()).length).toBe(7);
    },
  },
  {
    says: 'refuses a signature with another secret',
    needs: ['signature'],
    run: async (client) => {
      const { accessKeyId } = await client.config.credentials();
      const credentials = { accessKeyId, secretAccessKey: 'wrong' };
      const { config } = client;
      const wrong = new S3Client({
        region: await config.region(),
        endpoint: (await config.endpoint?.()) as never,
        forcePathStyle: true,
        credentials,
        requestHandler: config.requestHandler,
      });
      const { error } = await outcome(decryptObject({ client: wrong, bucket, key: 'there', keys }));
      expect(error).toMatchObject({
        code: 'ERR_SEALPIPE_STORE',
        message: expect.stringMatching(/signature|denied/),
      });
    },
  },
];

async function begin(client: Client, Key: string, sizes: readonly number[]) {
  const place = { Bucket: bucket, Key };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(place));
  const upload = { ...place, UploadId: UploadId! };
  const Parts: CompletedPart[] = [];
  for (const [at, size] of sizes.entries()) {
    const PartNumber = at + 1;
    const part = new UploadPartCommand({ ...upload, PartNumber, Body: Buffer.alloc(size, PartNumber) });
    const { ETag, ChecksumCRC32 } = await client.send(part);
    Parts.push({ PartNumber, ETag: ETag!, ...(ChecksumCRC32 && { ChecksumCRC32 }) });
  }
  const complete = (parts: CompletedPart[] = Parts, more = {}) =>
    client.send(
      new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: parts }, ...more }),
    );
  return { upload, Parts, complete };
}

function refuses(name: string, status: number): unknown {
  return expect.objectContaining({ name, $metadata: expect.objectContaining({ httpStatusCode: status }) });
}
