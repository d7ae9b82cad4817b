import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StoreSettings } from '../../../../src/cli/arguments/store/store-settings.js';
import type { Invocation } from '../../../../src/cli/invocation.js';
import { openStore } from '../../../../src/cli/io/store/object-store.js';
import { putBytes } from '../../../s3/support/sealed-objects.js';
import { REGION } from '../../../support/s3/fake/fake-s3.js';
import { currentOf } from '../../../support/s3/fake/state.js';
import { fakeForTests } from '../../../support/s3/fake-for-tests.js';
import { contentOf, placeAt, putObject, run } from './support.js';

const { fake, bucket } = fakeForTests();
const at = (key: string, name = bucket): string => `s3://${name}/${key}`;
const DAY = 86_400_000;
const ATTRIBUTES = [
  ...['--storage-class', 'STANDARD_IA', '--tag', 'team=data & co', '--tag', 'a=b=c'],
  ...['--metadata', 'owner=me', '--sse', 'aws:kms', '--object-lock', 'GOVERNANCE:30', '--sign-payload'],
];

describe('what the options of an object say', () => {
  it.each([
    ['small', 6, [], 'PutObject'],
    ['of several parts', 12_000_000, ['--part-size', '5M', '--concurrency', '2'], 'CreateMultipartUpload'],
  ])('is kept with one that is %s', async (_what, size, more, operation) => {
    fake.world.createBucket('locked', REGION, { objectLock: true });
    const place = await placeAt(fake);
    await writeFile(join(place.folder, 'b'), Buffer.alloc(size));
    const words = ['encrypt', 'b', '-o', at('k', 'locked'), ...ATTRIBUTES, ...more];
    expect(await run(place, words)).toMatchObject({ status: 0, stderr: '' });
    const { details, partSizes } = currentOf(fake.world.bucket('locked'), 'k')!;
    expect(details.storageClass).toBe('STANDARD_IA');
    expect([...details.tags]).toEqual([
      ['team', 'data & co'],
      ['a', 'b=c'],
    ]);
    expect(details.headers).toMatchObject({
      'x-amz-meta-owner': 'me',
      'x-amz-meta-sealpipe-salt': expect.stringMatching(/^[0-9a-f]{32,}$/),
      'x-amz-server-side-encryption': 'aws:kms',
    });
    expect(details.lock).toMatchObject({ mode: 'GOVERNANCE' });
    expect(Math.abs(details.lock.until!.getTime() - Date.now() - 30 * DAY)).toBeLessThan(DAY / 24);
    expect(partSizes?.length).toBe(operation === 'PutObject' ? undefined : 3);
    if (partSizes) expect(Math.max(...partSizes)).toBeLessThan(5.2 * 2 ** 20);
    const sent = fake.seen.of(operation === 'PutObject' ? operation : 'UploadPart');
    expect(sent.map(({ headers }) => headers['x-amz-content-sha256'])).toEqual(
      sent.map(() => expect.stringMatching(/^[0-9a-f]{64}$/)),
    );
    // moto takes a locked object at once only so.
    if (operation === 'PutObject')
      expect(sent[0]!.headers).toMatchObject({ 'x-amz-sdk-checksum-algorithm': 'CRC32' });
    expect(await run(place, ['verify', at('k', 'locked')])).toMatchObject({ status: 0, stderr: '' });
  });

  it.each([
    ['at once', 6],
    ['in parts', 12_000_000],
  ])('is refused with a word about Object Lock where the bucket has none, %s', async (_how, size) => {
    const place = await placeAt(fake);
    await writeFile(join(place.folder, 'b'), Buffer.alloc(size));
    const { status, stderr } = await run(place, [
      'encrypt',
      'b',
      '-o',
      at('k'),
      '--object-lock',
      'GOVERNANCE:1',
    ]);
    expect([status, stderr.split('\n')]).toEqual([
      1,
      [
        expect.stringMatching(
          /cannot write .*the bucket has no Object Lock, or does not take this retention/,
        ),
        '  Make a bucket with Object Lock, or leave out --object-lock.',
        '',
      ],
    ]);
    expect(contentOf(fake, bucket)).toEqual({ keys: [], uploads: 0 });
  });

  it('--version-id opens the version that it names', async () => {
    fake.world.createBucket('versions', REGION, { versioning: true });
    const place = await placeAt(fake);
    await putObject(fake, place, 'versions', 'k', Buffer.from('old\n'));
    const { versionId } = currentOf(fake.world.bucket('versions'), 'k')!;
    putBytes(fake.world.bucket('versions'), 'k', Buffer.from('no stream any more'));
    const words = ['decrypt', at('k', 'versions'), '--version-id', versionId];
    expect(await run(place, words)).toEqual({ status: 0, stdout: 'old\n', stderr: '' });
    expect(fake.seen.requests.every(({ query }) => query['versionId'] === versionId)).toBe(true);
  });
});

it('--kms-region is where AWS KMS is called, while the bucket stays in its own', async () => {
  const scopes: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    scopes.push(/Credential=[^/]+\/\d+\/([^,]+)/.exec(request.headers.authorization ?? '')?.[1]);
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
    response.end('{"__type":"NotFoundException"}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const place = await placeAt(fake);
    const env = { AWS_ENDPOINT_URL_KMS: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
    const words = ['encrypt', 'a', '-o', at('k'), '-k', 'alias/backups', '--kms-region', 'eu-south-2'];
    expect(await run(place, words, { env })).toMatchObject({ status: 5 });
    expect([...new Set(scopes)]).toEqual(['eu-south-2/kms/aws4_request']);
    expect(fake.seen.requests[0]!.headers.authorization).toContain(`/${REGION}/s3/`);
  } finally {
    server.close();
  }
});

it.each([
  [true, 'the-bucket.store.test', '/k'],
  [false, 'store.test', '/the-bucket/k'],
])('--virtual-host (%s) decides where the bucket is named', async (virtualHost, host, path) => {
  const settings = { virtualHost, endpointUrl: 'http://store.test', region: REGION } as StoreSettings;
  const store = await openStore(settings, { env: {} } as Invocation);
  let asked: { hostname: string; path: string } | undefined;
  const config = store.client.config as unknown as {
    credentials: unknown;
    requestHandler: { handle: unknown };
  };
  config.credentials = async () => ({ accessKeyId: 'a', secretAccessKey: 'b' });
  config.requestHandler.handle = async (request: typeof asked) => {
    asked = request;
    throw new Error('that is all');
  };
  await store.s3
    .s3Source({ client: store.client, bucket, key: 'k' })
    .size(AbortSignal.timeout(20_000))
    .catch(() => undefined);
  expect([asked?.hostname, asked?.path]).toEqual([host, path]);
  store.close();
});
