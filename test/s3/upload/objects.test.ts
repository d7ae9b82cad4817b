import { Readable } from 'node:stream';
import { GetObjectRetentionCommand, GetObjectTaggingCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { patterned, piecesOf } from '../../support/pieces.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import { MIB, opened, openUploads, source, stored, upload } from './uploads.js';

const here = fakeForTests();
const PART = 80 * 65_552;

describe('an object', () => {
  it.each([0, 1, 65_536, 80 * 65_536, 80 * 65_536 + 1, 160 * 65_536, 23 * MIB + 17])(
    'of %d bytes holds what was given',
    async (size) => {
      const report = await upload(here, source(size));
      expect((await opened(here)).equals(patterned(size))).toBe(true);
      const sealed = stored(here)!;
      expect(report).toMatchObject({
        bytesIn: size,
        bytesOut: sealed.length,
        warnings: [],
        retries: 0,
        key: 'k',
      });
      expect(report.frames).toBe(Math.floor(size / 65_536) + 1);
      expect(JSON.parse(JSON.stringify(report))).toEqual(report);
      expect(openUploads(here)).toBe(0);
    },
  );

  it.each([
    ['bytes', () => patterned(6 * MIB)],
    ['chunks of odd sizes', () => Readable.from(piecesOf(patterned(6 * MIB), 99_991))],
    ['one large chunk', () => Readable.from([patterned(6 * MIB)])],
    [
      'a generator',
      () =>
        (async function* () {
          yield* piecesOf(patterned(6 * MIB), 1_000_000);
        })(),
    ],
    [
      'a web stream',
      () =>
        Readable.toWeb(Readable.from(piecesOf(patterned(6 * MIB), 500_000))) as ReadableStream<Uint8Array>,
    ],
  ])('is made of %s', async (_kind, body) => {
    await upload(here, body());
    expect((await opened(here)).equals(patterned(6 * MIB))).toBe(true);
  });

  it('is made of text, taken as UTF-8', async () => {
    await upload(here, Readable.from(['añ', 'o 🚀']));
    expect(String(await opened(here))).toBe('año 🚀');
  });

  it('is sent at once if it is small', async () => {
    const report = await upload(here, source(1_000));
    expect(report.parts).toBe(0);
    expect(here.fake.seen.operations).toEqual(['HeadObject', 'PutObject']);
  });

  it('is sent in parts without gaps, each of whole frames, and completed with the parts as the store lists them', async () => {
    await upload(here, source(3 * 80 * 65_536 + 5));
    const { seen } = here.fake;
    const parts = seen
      .of('UploadPart')
      .sort((a, b) => Number(a.query['partNumber']) - Number(b.query['partNumber']));
    expect(parts.map(({ query }) => query['partNumber'])).toEqual(['1', '2', '3', '4']);
    const preamble = parts[0]!.bodySize - PART;
    expect(preamble).toBeGreaterThan(84);
    expect(parts.map(({ bodySize }) => bodySize)).toEqual([PART + preamble, PART, PART, 5 + 16]);
    expect(seen.operations.slice(-2)).toEqual(['ListParts', 'CompleteMultipartUpload']);
    const [complete] = seen.of('CompleteMultipartUpload');
    expect(complete!.headers).toMatchObject({
      'x-amz-mp-object-size': String(stored(here)!.length),
      'if-none-match': '*',
    });
  });

  it('takes its ETags from the list: they differ for the same bytes where S3 encrypts', async () => {
    here.fake.quirks.randomEtags = true;
    here.fake.fault({ on: 'UploadPart', skip: 1 }, { kind: 'cut answer', after: -1 });
    await upload(here, source(12 * MIB));
    expect((await opened(here)).equals(patterned(12 * MIB))).toBe(true);
  });

  it('lists its parts page by page', async () => {
    here.fake.quirks.pageSize = 2;
    await upload(here, source(23 * MIB));
    expect(here.fake.seen.of('ListParts').length).toBe(3);
  });

  it('carries its attributes, whether it is sent at once or in parts', async () => {
    const bucket = 'locked';
    here.fake.world.createBucket(bucket, 'eu-west-1', { objectLock: true });
    const given = {
      bucket,
      storageClass: 'STANDARD_IA',
      tags: { team: 'ops & dev', 'a=b': 'ü' },
      metadata: { origin: 'db-1' },
      sse: { algorithm: 'aws:kms', keyId: 'alias/s3' },
      objectLock: { mode: 'COMPLIANCE', days: 3 },
    } as const;
    for (const [key, size] of [
      ['small', 10],
      ['large', 6 * MIB],
    ] as const) {
      await upload(here, source(size), { ...given, key });
      const place = { Bucket: bucket, Key: key };
      expect(await here.client.send(new HeadObjectCommand(place))).toMatchObject({
        StorageClass: 'STANDARD_IA',
        Metadata: { origin: 'db-1', 'sealpipe-salt': expect.stringMatching(/^[0-9a-f]{64}$/) },
        ServerSideEncryption: 'aws:kms',
      });
      const { TagSet } = await here.client.send(new GetObjectTaggingCommand(place));
      expect(TagSet).toEqual([
        { Key: 'team', Value: 'ops & dev' },
        { Key: 'a=b', Value: 'ü' },
      ]);
      const { Retention } = await here.client.send(new GetObjectRetentionCommand(place));
      expect(Retention!.Mode).toBe('COMPLIANCE');
      expect(Retention!.RetainUntilDate!.getTime() - Date.now()).toBeGreaterThan(2.9 * 86_400_000);
    }
  });

  it('says its version in a bucket that has versions', async () => {
    here.fake.world.createBucket('versions', 'eu-west-1', { versioning: true });
    const small = await upload(here, source(10), { bucket: 'versions' });
    const large = await upload(here, source(6 * MIB), { bucket: 'versions', overwrite: true });
    for (const { versionId, etag } of [small, large]) {
      expect(versionId).toMatch(/^[\w-]{10,}$/);
      expect(etag).toMatch(/^".*"$/);
    }
  });

  it('tells its header before anything is sent, and its progress', async () => {
    const heard: string[] = [];
    const progress: { bytesIn: number; bytesOut: number; total?: number | undefined }[] = [];
    await upload(here, source(12 * MIB), {
      expectedLength: 12 * MIB,
      onHeader: ({ suite }) => heard.push(`${suite} ${here.fake.seen.operations.join()}`),
      onProgress: (now) => progress.push(now),
    });
    expect(heard).toEqual(['AES-256-GCM HeadObject']);
    expect(progress.at(-1)).toEqual({ bytesIn: 12 * MIB, bytesOut: stored(here)!.length, total: 12 * MIB });
    expect(progress.every(({ total }) => total === 12 * MIB)).toBe(true);
  });

  it('opens only in its place', async () => {
    await upload(here, source(10), { key: 'a' });
    await expect(opened(here, 'a', here.bucket)).resolves.toBeDefined();
    const bucket = here.fake.world.bucket(here.bucket);
    bucket.keys.set('b', bucket.keys.get('a')!);
    await expect(opened(here, 'b')).rejects.toMatchObject({ code: 'ERR_SEALPIPE_CONTEXT' });
  });
});
