import { expect, it } from 'vitest';
import { openSealed } from '../../src/index.js';
import { decryptAtPace } from '../../src/s3/download/decrypt-object.js';
import { encryptObject, s3Source } from '../../src/s3/index.js';
import { outcome } from '../support/outcome.js';
import { patterned } from '../support/pieces.js';
import { selfSigned } from '../support/s3/certificate.js';
import { FakeS3 } from '../support/s3/fake/fake-s3.js';
import type { Quirks } from '../support/s3/fake/quirks.js';
import { fakeForTests } from '../support/s3/fake-for-tests.js';
import { sampled } from '../support/sample.js';
import { keys } from '../support/test-keys.js';
import { QUICK } from './support/sealed-objects.js';

const servers = { http: fakeForTests(), https: fakeForTests(new FakeS3(selfSigned())) };
const MIB = 2 ** 20;
const key = 'there/and back';

const STORES: ReadonlyArray<readonly [says: string, quirks: Partial<Quirks>]> = [
  ['as Amazon does', {}],
  ['as under SSE-KMS: random ETags', { randomEtags: true }],
  ['as Garage: a composite checksum without its suffix', { bareComposite: true }],
  ['as Ceph: no messages, and NoSuchKey for an upload', { saysNoMessage: true, forgetsUploads: true }],
  ['with ETags without quotes', { bareEtags: true }],
  ['with conditions of reads ignored', { ignoresConditions: new Set(['GetObject', 'HeadObject']) }],
];

const CASES = STORES.flatMap(([says, quirks]) => [
  ['http', says, quirks] as const,
  ['https', says, quirks] as const,
]);

it.each(sampled(CASES, 6, 'round trips'))(
  '%s: what goes into a store comes back, through connections that break, %s',
  async (scheme, _, quirks) => {
    const { fake, bucket, clientWith } = servers[scheme];
    Object.assign(fake.quirks, quirks);
    const client = clientWith({});
    const plaintext = patterned(12 * MIB + 5);
    fake.fault('UploadPart', { kind: 'cut request', after: 2 * MIB });
    fake.fault('UploadPart', { kind: 'refuse', status: 503, code: 'SlowDown' });
    fake.fault('GetObject', { kind: 'cut answer', after: 3 * MIB });
    fake.fault({ on: 'GetObject', skip: 1 }, { kind: 'end answer', after: 100_000 });
    const report = await encryptObject({ client, bucket, key, body: plaintext, keys, partSize: 5 * MIB });
    expect(report.parts).toBe(3);
    for (const concurrency of [1, 2]) {
      const { bytes, error } = await outcome(
        decryptAtPace({ client, bucket, key, keys, concurrency }, QUICK),
      );
      expect([error, bytes.equals(plaintext)]).toEqual([undefined, true]);
    }
    await using reader = await openSealed(s3Source({ client, bucket, key }), { keys });
    expect(await reader.read(-7)).toEqual(plaintext.subarray(-7));
  },
);
