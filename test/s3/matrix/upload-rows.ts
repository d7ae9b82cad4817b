import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { decrypt } from '../../../src/index.js';
import { encryptObject } from '../../../src/s3/index.js';
import { patterned, piecesOf } from '../../support/pieces.js';
import { keys } from '../../support/test-keys.js';
import type { Row } from './row.js';
import { bucket } from './row.js';

const MIB = 2 ** 20;
const SIZES = [0, 10, 5 * MIB, 17 * MIB + 3];

/** Objects into every store. */
export const UPLOAD_ROWS: readonly Row[] = [
  ...SIZES.map(
    (size): Row => ({
      says: `seals ${size} bytes into an object, with its metadata`,
      run: async (client) => {
        const key = `uploaded/ä b+c ${size}`;
        const report = await upload(client, key, size, { metadata: { origin: 'db' } });
        expect(report.bytesIn).toBe(size);
        expect((await opened(client, key)).equals(patterned(size))).toBe(true);
        const place = { Bucket: bucket, Key: key };
        expect((await client.send(new HeadObjectCommand(place))).Metadata).toMatchObject({ origin: 'db' });
        expect(await openUploads(client, 'uploaded/')).toBe(0);
      },
    }),
  ),
  {
    says: 'tags an object of several parts',
    needs: ['tagged uploads'],
    run: async (client) => {
      await upload(client, 'tagged', 6 * MIB, { tags: { team: 'ops' } });
      const { TagSet } = await client.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: 'tagged' }));
      expect(TagSet).toEqual([{ Key: 'team', Value: 'ops' }]);
    },
  },
  {
    says: 'replaces no object unless that is wanted',
    run: async (client) => {
      for (const size of [10, 6 * MIB]) {
        const key = `kept/${size}`;
        await upload(client, key, size);
        await expect(upload(client, key, 1)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_EXISTS' });
        expect((await opened(client, key)).length).toBe(size);
        await upload(client, key, size + 1, { overwrite: true });
        expect((await opened(client, key)).length).toBe(size + 1);
      }
    },
  },
  {
    says: 'leaves neither object nor parts of a source that fails',
    run: async (client) => {
      for (const size of [10, 12 * MIB]) {
        const key = `failed/${size}`;
        const confirm = () => Promise.reject(new Error('status 1'));
        await expect(upload(client, key, size, { confirm })).rejects.toMatchObject({
          code: 'ERR_SEALPIPE_CONFIRM',
        });
        await expect(opened(client, key)).rejects.toMatchObject({ name: 'NoSuchKey' });
      }
      expect(await openUploads(client, 'failed/')).toBe(0);
    },
  },
  {
    says: 'tells a bucket that is not there',
    run: async (client) => {
      const body = Buffer.alloc(10);
      const lost = encryptObject({ client, bucket: 'no-such-bucket-here', key: 'k', body, keys });
      await expect(lost).rejects.toMatchObject({
        code: 'ERR_SEALPIPE_STORE',
        message: expect.stringMatching(/bucket does not exist/),
      });
    },
  },
];

function upload(client: S3Client, key: string, size: number, more: object = {}) {
  const body = Readable.from(piecesOf(patterned(size), 1_000_003));
  return encryptObject({ client, bucket, key, body, keys, partSize: 5 * MIB, ...more });
}

async function opened(client: S3Client, Key: string): Promise<Buffer> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
  const encryptionContext = { 'sealpipe:bucket': bucket, 'sealpipe:key': Key };
  return decrypt(await Body!.transformToByteArray(), { keys, encryptionContext });
}

/** Of the keys that these rows have: other rows leave some. */
async function openUploads(client: S3Client, prefix: string): Promise<number> {
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
  return Uploads.filter(({ Key = '' }) => Key.startsWith(prefix)).length;
}
