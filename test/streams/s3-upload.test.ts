import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  NoSuchKey,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EncryptOptions } from '../../src/session/encrypt-options.js';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { type Moto, startMoto } from '../keys/kms/moto.js';
import { toolPath } from '../support/external-tool.js';
import { patterned } from '../support/pieces.js';
import { prerequisite } from '../support/prerequisite.js';
import { keys } from '../support/test-keys.js';

const MIB = 2 ** 20;
const Bucket = 'my-bucket';
const here = toolPath('moto_server') !== undefined;

let moto: Moto | undefined;
let client: S3Client;
let object = 0;

beforeAll(async () => {
  if (!here) return;
  moto = await startMoto();
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  client = new S3Client({ endpoint: String(moto.clientConfig.endpoint), region: 'eu-west-1', credentials });
  await client.send(
    new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
  );
});
afterAll(async () => {
  client?.destroy();
  await moto?.close();
});
beforeEach((context) => prerequisite(context, here, 'moto_server'));

/** As the recipe has it. */
async function upload(
  Key: string,
  source: Readable,
  options: Partial<EncryptOptions> = {},
  { to = Bucket, signal }: { to?: string; signal?: AbortSignal } = {},
): Promise<void> {
  const seal = createEncryptStream({ keys, ...options });
  const params = { Bucket: to, Key, Body: seal };
  const sent = new Upload({ client, params, partSize: 5 * MIB, queueSize: 2 });
  const [stored] = await Promise.allSettled([sent.done(), pipeline(source, seal, { signal })]);
  if (stored.status === 'rejected') throw stored.reason;
}

async function opened(Key: string): Promise<Buffer> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
  return pipeline(Body as Readable, createDecryptStream({ keys }), buffer);
}

async function partsOf(Key: string): Promise<unknown[]> {
  return (await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: Key }))).Uploads ?? [];
}

/** A source that gives so much and then fails. */
function failingAfter(bytes: number): Readable {
  const chunk = patterned(MIB);
  return Readable.from(
    (async function* () {
      for (let done = 0; done < bytes; done += MIB) yield chunk;
      throw new Error('the disk is broken');
    })(),
  );
}

describe('an upload to S3', () => {
  const good = patterned(6 * MIB + 17);
  let Key = '';
  beforeEach(async () => {
    Key = `backup-${object++}`;
    await upload(Key, Readable.from([good]));
  });

  it.each([1, 12 * MIB, 5 * MIB - 100])('gives back what went in (%d bytes)', async (size) => {
    await upload(Key, Readable.from([good, patterned(size)]));
    expect((await opened(Key)).equals(Buffer.concat([good, patterned(size)]))).toBe(true);
  });

  it.each([0, 2 * MIB, 23 * MIB])(
    'leaves the old object and no parts if its source fails after %d bytes',
    async (bytes) => {
      await expect(upload(Key, failingAfter(bytes))).rejects.toThrow('the disk is broken');
      expect((await opened(Key)).equals(good)).toBe(true);
      expect(await partsOf(Key)).toEqual([]);
    },
  );

  it('makes no object where there was none', async () => {
    const fresh = `${Key}-fresh`;
    await expect(upload(fresh, failingAfter(23 * MIB))).rejects.toThrow('the disk is broken');
    await expect(opened(fresh)).rejects.toBeInstanceOf(NoSuchKey);
    expect(await partsOf(fresh)).toEqual([]);
  });

  it.each([
    ['is not as long as it promised', { expectedLength: 24 * MIB }, 'ERR_SEALPIPE_LENGTH'],
    ['is not confirmed', { confirm: () => Promise.reject(new Error('status 7')) }, 'ERR_SEALPIPE_CONFIRM'],
  ])('leaves the old object if a source that ends cleanly %s', async (_what, options, code) => {
    await expect(upload(Key, Readable.from([patterned(23 * MIB)]), options)).rejects.toMatchObject({ code });
    expect((await opened(Key)).equals(good)).toBe(true);
    expect(await partsOf(Key)).toEqual([]);
  });

  it('ends when it is aborted while its source stalls, with the old object and no parts', async () => {
    const stop = new AbortController();
    const stalled = new Readable({ read: () => undefined });
    stalled.push(patterned(12 * MIB));
    const over = upload(Key, stalled, {}, { signal: stop.signal });
    setTimeout(() => stop.abort(), 300);
    await expect(over).rejects.toMatchObject({ name: 'AbortError' });
    expect((await opened(Key)).equals(good)).toBe(true);
    expect(await partsOf(Key)).toEqual([]);
  });

  it('ends its source if S3 refuses', async () => {
    const endless = new Readable({
      read() {
        this.push(Buffer.alloc(MIB));
      },
    });
    await expect(upload(Key, endless, {}, { to: 'no-such-bucket' })).rejects.toThrow(/bucket does not exist/);
    expect(endless.destroyed).toBe(true);
  });
});
