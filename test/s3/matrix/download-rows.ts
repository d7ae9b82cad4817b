import type { S3Client } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { encrypt, openSealed, verify } from '../../../src/index.js';
import { decryptObject, listSealedObjects, s3Source } from '../../../src/s3/index.js';
import { outcome } from '../../support/outcome.js';
import { keys } from '../../support/test-keys.js';
import { F, placeOf, plaintextOf } from '../support/sealed-objects.js';
import type { Row } from './row.js';
import { bucket, put } from './row.js';

/** Objects back from every store. */
export const DOWNLOAD_ROWS: readonly Row[] = [
  ...(['fixed', 'record'] as const).flatMap((layout) =>
    [0, 1, F - 1, F, F + 1, 20 * F + 7].map(
      (size): Row => ({
        says: `opens an object of ${size} bytes, ${layout} layout, at once and in ranges`,
        run: async (client) => {
          const key = `sealed/${layout}-${size}`;
          const plaintext = plaintextOf(size);
          await putSealedAt(client, key, plaintext, layout);
          const { bytes, error } = await outcome(decryptObject({ client, bucket, key, keys }));
          expect([error, bytes.equals(plaintext)]).toEqual([undefined, true]);
          await using reader = await openSealed(s3Source({ client, bucket, key }), { keys });
          const start = Math.floor(size / 3);
          expect(await reader.read(start, start + F)).toEqual(plaintext.subarray(start, start + F));
          expect(await verify(s3Source({ client, bucket, key }), { keys })).toMatchObject({ complete: true });
        },
      }),
    ),
  ),
  {
    says: 'opens a large object with several ranges at once',
    run: async (client) => {
      const plaintext = Buffer.alloc(20 * 2 ** 20, 6);
      await putSealedAt(client, 'large', plaintext);
      const stream = decryptObject({ client, bucket, key: 'large', keys, concurrency: 3 });
      expect((await outcome(stream)).bytes.equals(plaintext)).toBe(true);
    },
  },
  {
    says: 'knows an object without a byte, and one that is not there',
    run: async (client) => {
      await put(client, 'empty', Buffer.alloc(0));
      const empty = await outcome(decryptObject({ client, bucket, key: 'empty', keys }));
      expect(empty.error?.code).toBe('ERR_SEALPIPE_TRUNCATED');
      const absent = await outcome(decryptObject({ client, bucket, key: 'absent', keys }));
      expect(absent.error).toMatchObject({
        code: 'ERR_SEALPIPE_STORE',
        message: expect.stringContaining('404'),
      });
    },
  },
  {
    says: 'notices an object that is replaced between two ranges',
    run: async (client) => {
      await put(client, 'changing', Buffer.alloc(200_000, 1));
      const source = s3Source({ client, bucket, key: 'changing' });
      const never = new AbortController().signal;
      await source.size(never);
      await put(client, 'changing', Buffer.alloc(200_000, 2));
      await expect(source.read(100_000, 150_000, never)).rejects.toMatchObject({
        code: 'ERR_SEALPIPE_CHANGED',
      });
    },
  },
  {
    says: 'lists objects, those with unusual keys too',
    run: async (client) => {
      const names = ['a b+c%&=', 'ü/ö', '\u{1f512}', 'quote\'"<>', 'x\u0001y'];
      for (const name of names) await putSealedAt(client, `list/${name}`, plaintextOf(9));
      const found: unknown[] = [];
      for await (const object of listSealedObjects({ client, bucket, prefix: 'list/' })) {
        found.push([object.key, object.plaintextSize]);
        const [key] = [object.key];
        expect((await outcome(decryptObject({ client, bucket, key, keys }))).bytes).toEqual(plaintextOf(9));
      }
      expect(found).toEqual(expect.arrayContaining(names.map((name) => [`list/${name}`, 9])));
    },
  },
];

async function putSealedAt(
  client: S3Client,
  key: string,
  plaintext: Buffer,
  layout: 'fixed' | 'record' = 'fixed',
) {
  const options = { keys, frameSize: F, layout, encryptionContext: placeOf(bucket, key) };
  await put(client, key, await encrypt(plaintext, options));
}
