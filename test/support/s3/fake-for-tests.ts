import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { FakeS3, REGION } from './fake/fake-s3.js';
import { noQuirks } from './fake/quirks.js';

/** A fake S3 for the tests of one file, with one bucket that is empty before each test. */
export interface FakeForTests {
  readonly fake: FakeS3;
  readonly bucket: string;
  /** A client that does not try again. */
  readonly client: S3Client;
  /** Another client, destroyed with the server. */
  clientWith(config: S3ClientConfig): S3Client;
}

/** Starts a server before the tests of a file, and gives each test a fresh world. */
export function fakeForTests(fake = new FakeS3()): FakeForTests {
  const clients: S3Client[] = [];
  const bucket = 'the-bucket';
  let client: S3Client | undefined;
  const clientWith = (config: S3ClientConfig): S3Client => {
    const made = new S3Client({ ...fake.clientConfig(), ...config });
    clients.push(made);
    return made;
  };
  beforeAll(async () => {
    await fake.start();
    client = clientWith({ maxAttempts: 1 });
  });
  beforeEach(() => {
    fake.world.buckets.clear();
    fake.world.createBucket(bucket, REGION);
    fake.seen.requests.length = 0;
    fake.clearFaults();
    Object.assign(fake.quirks, noQuirks());
  });
  afterAll(async () => {
    for (const one of clients) one.destroy();
    await fake.close();
  });
  return {
    fake,
    bucket,
    get client(): S3Client {
      return client!;
    },
    clientWith,
  };
}
