import { once } from 'node:events';
import { connect } from 'node:net';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, UploadPartCommand } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { outcome } from '../../outcome.js';
import { fakeForTests } from '../fake-for-tests.js';
import { ROOT } from './access/users.js';
import { REGION } from './fake-s3.js';

const here = fakeForTests();
const Key = 'k';

const put = (Body: string | Buffer, more = {}) =>
  here.client.send(new PutObjectCommand({ Bucket: here.bucket, Key, Body, ...more }));

/** Without a checksum: of a range there is none. */
async function body(): Promise<Awaited<ReturnType<typeof outcome>>> {
  const { Body } = await here.client.send(
    new GetObjectCommand({ Bucket: here.bucket, Key, Range: 'bytes=0-' }),
  );
  return outcome(Body as import('node:stream').Readable);
}

it('refuses a wrong secret, an unknown key and a signature that leaves headers out', async () => {
  const { accessKeyId } = ROOT;
  const wrong = here.clientWith({ credentials: { accessKeyId, secretAccessKey: 'no' }, maxAttempts: 1 });
  const command = () => new PutObjectCommand({ Bucket: here.bucket, Key: 'a b/ü+(1)*', Body: 'x' });
  await expect(wrong.send(command())).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
  const unknown = here.clientWith({ credentials: { accessKeyId: 'NOBODY', secretAccessKey: 'no' } });
  await expect(unknown.send(command())).rejects.toMatchObject({ name: 'InvalidAccessKeyId' });
  await here.client.send(command());
});

it('takes a body that is not signed, and compares the hash of one that is', async () => {
  const unsigned = new PutObjectCommand({ Bucket: here.bucket, Key, Body: 'x' });
  unsigned.middlewareStack.add(
    (next) => (args) => {
      (args.request as { headers: Record<string, string> }).headers['x-amz-content-sha256'] =
        'UNSIGNED-PAYLOAD';
      return next(args);
    },
    { step: 'build' },
  );
  await here.client.send(unsigned);
  const other = new PutObjectCommand({ Bucket: here.bucket, Key, Body: 'x' });
  other.middlewareStack.add(
    (next) => (args) => {
      (args.request as { headers: Record<string, string> }).headers['x-amz-content-sha256'] = 'a'.repeat(64);
      return next(args);
    },
    { step: 'build' },
  );
  await expect(here.client.send(other)).rejects.toMatchObject({ name: 'XAmzContentSHA256Mismatch' });
});

it('denies what no policy allows, and hides absence from those who may not list', async () => {
  const Resource = `arn:aws:s3:::${here.bucket}/*`;
  const user = {
    accessKeyId: 'READER',
    secretAccessKey: 'secret',
    policies: [{ Statement: [{ Effect: 'Allow' as const, Action: 's3:GetObject', Resource }] }],
  };
  here.fake.addUser(user);
  const reader = here.clientWith({ credentials: user });
  await put('x');
  await reader.send(new GetObjectCommand({ Bucket: here.bucket, Key }));
  const place = { Bucket: here.bucket, Key: 'absent' };
  await expect(reader.send(new GetObjectCommand(place))).rejects.toMatchObject({ name: 'AccessDenied' });
  await expect(reader.send(new HeadObjectCommand(place))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 403 },
  });
  await expect(reader.send(new PutObjectCommand({ ...place, Body: 'x' }))).rejects.toMatchObject({
    name: 'AccessDenied',
  });
  here.fake.world.bucket(here.bucket).policy = {
    Statement: [
      {
        Effect: 'Deny',
        Action: 's3:PutObject',
        Resource,
        Condition: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } },
      },
    ],
  };
  await expect(put('x')).rejects.toMatchObject({ name: 'AccessDenied' });
  await put('x', { ServerSideEncryption: 'aws:kms' });
});

it('redirects to the region of the bucket', async () => {
  here.fake.world.createBucket('elsewhere', 'ap-southeast-2');
  const command = () => new PutObjectCommand({ Bucket: 'elsewhere', Key, Body: 'x' });
  await expect(here.client.send(command())).rejects.toMatchObject({
    name: 'PermanentRedirect',
    $metadata: { httpStatusCode: 301 },
  });
  await here.clientWith({ followRegionRedirects: true }).send(command());
  expect(here.fake.world.bucket('elsewhere').region).not.toBe(REGION);
});

it('cuts, stalls and ends answers where it is told to', async () => {
  await put(Buffer.alloc(300_000, 1));
  here.fake.fault('GetObject', { kind: 'cut answer', after: 100_000 });
  const cut = await body();
  expect([cut.bytes.length, cut.ended, cut.error?.code]).toEqual([100_000, false, 'ECONNRESET']);
  here.fake.fault('GetObject', { kind: 'end answer', after: 200_000 });
  const ended = await body();
  expect([ended.bytes.length, ended.ended]).toEqual([200_000, true]);
  here.fake.fault('GetObject', { kind: 'stall answer', after: 70_000 });
  const { Body } = await here.client.send(new GetObjectCommand({ Bucket: here.bucket, Key }));
  const stalled = Body as import('node:stream').Readable;
  let came = 0;
  while (came < 70_000) {
    await once(stalled, 'readable');
    for (let piece = stalled.read(); piece !== null; piece = stalled.read()) came += piece.length;
  }
  expect(here.fake.sockets.size).toBeGreaterThan(0);
  stalled.destroy();
});

it('answers with errors and cuts requests', async () => {
  here.fake.fault({ on: 'PutObject', skip: 1, times: 2 }, { kind: 'refuse', status: 503, code: 'SlowDown' });
  await put('x');
  await expect(put('x')).rejects.toMatchObject({ name: 'SlowDown' });
  await here
    .clientWith({ maxAttempts: 2 })
    .send(new PutObjectCommand({ Bucket: here.bucket, Key, Body: 'y' }));
  here.fake.fault('PutObject', { kind: 'cut request', after: 10 });
  await expect(put(Buffer.alloc(1_000_000))).rejects.toThrow();
  expect(here.fake.seen.operations).toEqual(Array.from({ length: 5 }, () => 'PutObject'));
});

it('stores nothing of a body that is shorter than it says', async () => {
  const socket = connect(here.fake.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.end(`PUT /${here.bucket}/short HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nnot a hundred`);
  await once(socket.resume(), 'close');
  expect(here.fake.world.bucket(here.bucket).keys.size).toBe(0);
  const command = { Bucket: here.bucket, Key, UploadId: 'none', PartNumber: 1, Body: 'x' };
  await expect(here.client.send(new UploadPartCommand(command))).rejects.toMatchObject({
    name: 'NoSuchUpload',
  });
});
