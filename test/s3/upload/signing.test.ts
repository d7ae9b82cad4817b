import { createHash } from 'node:crypto';
import { Agent, createServer } from 'node:http';
import { connect } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { encryptObject } from '../../../src/s3/index.js';
import { selfSigned } from '../../support/s3/certificate.js';
import { FakeS3 } from '../../support/s3/fake/fake-s3.js';
import type { S3Request } from '../../support/s3/fake/request.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import { sampled } from '../../support/sample.js';
import { keys } from '../../support/test-keys.js';
import { MIB, opened, source, stored, upload } from './uploads.js';

const here = fakeForTests();
const secure = fakeForTests(new FakeS3(selfSigned()));
const UNSIGNED = 'UNSIGNED-PAYLOAD';
const hashes = ({ fake }: typeof here, operation: string) =>
  fake.seen.of(operation).map(({ headers }) => headers['x-amz-content-sha256']);

describe.each([
  ['this machine', here],
  ['TLS', secure],
])('payloads to %s', (_name, there) => {
  it('are not hashed for the signature, and carry a CRC32', async () => {
    await upload(there, source(10), { key: 'small' });
    await upload(there, source(12 * MIB), { key: 'large' });
    expect(hashes(there, 'PutObject')).toEqual([UNSIGNED]);
    expect(hashes(there, 'UploadPart')).toEqual([UNSIGNED, UNSIGNED, UNSIGNED]);
    const sent = [...there.fake.seen.of('PutObject'), ...there.fake.seen.of('UploadPart')];
    for (const { headers } of sent) {
      expect(headers).toMatchObject({ 'x-amz-checksum-crc32': expect.stringMatching(/^.{8}$/) });
      expect(headers['content-encoding']).toBeUndefined();
      expect(headers['x-amz-trailer']).toBeUndefined();
    }
    // Whatever else the client sends is signed as ever.
    expect(hashes(there, 'CompleteMultipartUpload')).not.toContain(UNSIGNED);
    expect((await opened(there, 'large')).length).toBe(12 * MIB);
  });

  it('are hashed if that is wanted', async () => {
    await upload(there, source(10), { payloadSigning: 'signed' });
    const hash = createHash('sha256').update(stored(there)!).digest('hex');
    expect(hashes(there, 'PutObject')).toEqual([hash]);
  });
});

it('payloads over plain http to another machine are hashed', async () => {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    if (request.method === 'PUT') seen.push(request.headers['x-amz-content-sha256'] as string);
    request.resume().on('end', () => response.writeHead(request.method === 'HEAD' ? 404 : 200).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const client = new S3Client({
    region: 'eu-west-1',
    // A name of another machine, that leads here.
    endpoint: `http://s3.example:${port}`,
    forcePathStyle: true,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestHandler: { httpAgent: agentTo() },
  });
  try {
    await encryptObject({ client, bucket: 'bbb', key: 'k', body: Buffer.from('x'), keys });
    expect(seen).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
  } finally {
    client.destroy();
    server.close();
  }
});

describe('checksums', () => {
  it('that the client does not want are not sent', async () => {
    const client = here.clientWith({ requestChecksumCalculation: 'WHEN_REQUIRED' });
    await upload(here, source(12 * MIB), { client, key: 'large' });
    await upload(here, source(10), { client, key: 'small' });
    const headers = here.fake.seen.requests.flatMap((request) => Object.keys(request.headers));
    expect(headers.filter((name) => /checksum|content-md5/.test(name))).toEqual([]);
    expect((await opened(here, 'large')).length).toBe(12 * MIB);
  });

  it('are sent with retention whatever the client wants: S3 takes no such object without one', async () => {
    here.fake.world.createBucket('locked', 'eu-west-1', { objectLock: true });
    const client = here.clientWith({ requestChecksumCalculation: 'WHEN_REQUIRED' });
    await upload(here, source(10), { client, bucket: 'locked', objectLock: { mode: 'GOVERNANCE', days: 1 } });
    expect(here.fake.seen.of('PutObject')[0]!.headers['x-amz-checksum-crc32']).toBeDefined();
  });

  const algorithms = ['SHA256', 'CRC32C', 'CRC64NVME', 'SHA1', 'CRC32'] as const;
  it.each(sampled(algorithms, 3, 'algorithms of checksums'))(
    'are of the algorithm that was chosen (%s)',
    async (checksumAlgorithm) => {
      const name = `x-amz-checksum-${checksumAlgorithm.toLowerCase()}`;
      await upload(here, source(12 * MIB), { checksumAlgorithm });
      for (const { headers } of here.fake.seen.of('UploadPart')) expect(headers[name]).toBeDefined();
      expect((await opened(here)).length).toBe(12 * MIB);
    },
  );
});

describe('a policy that demands signed payloads', () => {
  const deny = {
    Statement: [
      {
        Effect: 'Deny' as const,
        Action: 's3:PutObject',
        Resource: `arn:aws:s3:::${here.bucket}/*`,
        Condition: { StringEquals: { 's3:x-amz-content-sha256': UNSIGNED } },
      },
    ],
  };

  it.each([10, 12 * MIB])('is named by the hint of the first refusal (%d bytes)', async (size) => {
    here.fake.world.bucket(here.bucket).policy = deny;
    await expect(upload(here, source(size))).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_STORE',
      hint: expect.stringMatching(/s3:x-amz-content-sha256.*payloadSigning/),
    });
    await upload(here, source(size), { payloadSigning: 'signed' });
    expect((await opened(here)).length).toBe(size);
  });

  it('is named also if another part than the first is refused first', async () => {
    here.fake.world.bucket(here.bucket).policy = deny;
    const on = ({ operation, query }: S3Request) =>
      operation === 'UploadPart' && query.get('partNumber') === '1';
    here.fake.fault({ on }, { kind: 'stall request' });
    await expect(upload(here, source(12 * MIB))).rejects.toMatchObject({
      hint: expect.stringMatching(/payloadSigning/),
    });
  });
});

it('the middleware of the client is left as it is, and passed through', async () => {
  const client = here.clientWith({});
  let passed = 0;
  client.middlewareStack.add(
    (next) => (args) => {
      passed++;
      return next(args);
    },
    { step: 'build', name: 'count' },
  );
  const before = client.middlewareStack.identify();
  await upload(here, source(12 * MIB), { client });
  expect(client.middlewareStack.identify()).toEqual(before);
  expect(passed).toBe(here.fake.seen.requests.length);
});

/** An agent that leads every name to this machine. */
function agentTo(): Agent {
  const agent = new Agent();
  (agent as unknown as { createConnection: unknown }).createConnection = ({ port }: { port: number }) =>
    connect(port, '127.0.0.1');
  return agent;
}
