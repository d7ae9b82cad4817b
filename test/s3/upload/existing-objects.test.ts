import { describe, expect, it } from 'vitest';
import { patterned } from '../../support/pieces.js';
import { REGION } from '../../support/s3/fake/fake-s3.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import { MIB, opened, openUploads, source, stored, upload } from './uploads.js';

const here = fakeForTests();
const SIZES = [10, 12 * MIB];
const write = (size: number) => (size < MIB ? 'PutObject' : 'CompleteMultipartUpload');

/** A client that may do what the actions say. */
function clientThatMay(...Action: string[]) {
  const user = {
    accessKeyId: `U${Action.length}`,
    secretAccessKey: 'secret',
    policies: [
      { Statement: [{ Effect: 'Allow' as const, Action, Resource: `arn:aws:s3:::${here.bucket}/*` }] },
    ],
  };
  here.fake.addUser(user);
  return here.clientWith({ credentials: user, maxAttempts: 1 });
}

/** Makes another object of the same key just before a request. */
function madeBefore(operation: string): void {
  here.fake.fault(operation, {
    kind: 'act',
    act: async () => void (await upload(here, Buffer.from('other'), { overwrite: true })),
  });
}

describe('an object that exists', () => {
  it('is refused before anything is read, and stays', async () => {
    await upload(here, source(10));
    const before = stored(here)!;
    const body = source(12 * MIB);
    await expect(upload(here, body)).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_EXISTS',
      hint: expect.stringContaining('overwrite'),
    });
    expect(body.readableDidRead).toBe(false);
    expect(stored(here)!.equals(before)).toBe(true);
  });

  it.each(SIZES)(
    'is replaced with %d bytes if that is wanted, with no condition and no look',
    async (size) => {
      await upload(here, source(10));
      here.fake.seen.requests.length = 0;
      await upload(here, source(size), { overwrite: true });
      expect((await opened(here)).length).toBe(size);
      expect(here.fake.seen.of('HeadObject')).toEqual([]);
      expect(here.fake.seen.requests.some(({ headers }) => headers['if-none-match'] !== undefined)).toBe(
        false,
      );
    },
  );

  it.each(SIZES)('is refused also if it is made during the upload (%d bytes, 412)', async (size) => {
    madeBefore(write(size));
    await expect(upload(here, source(size))).rejects.toMatchObject({ code: 'ERR_SEALPIPE_EXISTS' });
    expect(String(await opened(here))).toBe('other');
    expect(openUploads(here)).toBe(0);
  });

  it.each(SIZES)(
    'is protected by the condition alone if the writer may not look (%d bytes)',
    async (size) => {
      const client = clientThatMay('s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts');
      await upload(here, source(size), { client });
      expect((await opened(here)).length).toBe(size);
      await expect(upload(here, source(size), { client })).rejects.toMatchObject({
        code: 'ERR_SEALPIPE_EXISTS',
      });
      expect(openUploads(here)).toBe(0);
    },
  );
});

describe('another write at the same time (409)', () => {
  it('is waited for by a small object, which is sent again', async () => {
    here.fake.fault('PutObject', { kind: 'conflict' });
    const report = await upload(here, source(10));
    expect(report.retries).toBe(1);
  });

  it.each(SIZES)('is told apart from an object that exists (%d bytes)', async (size) => {
    here.fake.fault({ on: write(size), times: 99 }, { kind: 'conflict' });
    await expect(upload(here, source(size))).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_CHANGED',
      retryable: true,
    });
    expect(stored(here)).toBeUndefined();
    expect(openUploads(here)).toBe(0);
  });
});

describe('a server that does not know conditions', () => {
  it.each(SIZES)(
    'and says so with 501 gets the write once more without it, and the report a warning (%d bytes)',
    async (size) => {
      here.fake.quirks.refusesConditions = new Set([write(size)]);
      const report = await upload(here, source(size));
      expect((await opened(here)).equals(patterned(size))).toBe(true);
      expect(report.warnings).toEqual([expect.stringMatching(/does not know conditional writes/)]);
      expect(here.fake.seen.of(write(size)).map(({ headers }) => headers['if-none-match'])).toEqual([
        '*',
        undefined,
      ]);
    },
  );

  it.each(SIZES)('and ignores them is not found out, but a look comes first (%d bytes)', async (size) => {
    here.fake.quirks.ignoresConditions = new Set([write(size)]);
    await upload(here, source(size));
    await expect(upload(here, source(size))).rejects.toMatchObject({ code: 'ERR_SEALPIPE_EXISTS' });
  });
});

describe('an answer that is lost', () => {
  it.each(SIZES)('does not make a failure of an object that is there (%d bytes)', async (size) => {
    here.fake.fault(write(size), { kind: 'cut answer', after: -1 });
    const report = await upload(here, source(size));
    expect((await opened(here)).equals(patterned(size))).toBe(true);
    expect(report.etag).toMatch(/^"/);
  });

  it.each(SIZES)(
    'does not make a failure of it if it is lost each time, or the store says it failed (%d bytes)',
    async (size) => {
      here.fake.fault(
        { on: write(size), times: 1 },
        { kind: 'deny it was done', status: 500, code: 'InternalError' },
      );
      here.fake.fault({ on: write(size), times: 99 }, { kind: 'refuse', status: 500, code: 'InternalError' });
      await upload(here, source(size));
      expect((await opened(here)).equals(patterned(size))).toBe(true);
    },
  );

  it('is not mistaken: the object of another is not ours, though it is as long', async () => {
    here.fake.fault('PutObject', {
      kind: 'act',
      act: async () => void (await upload(here, Buffer.alloc(10), { overwrite: true })),
    });
    await expect(upload(here, source(10))).rejects.toMatchObject({ code: 'ERR_SEALPIPE_EXISTS' });
    expect((await opened(here)).equals(Buffer.alloc(10))).toBe(true);
  });

  it.each(SIZES)(
    'is an unknown outcome, never success, if the writer may not look (%d bytes)',
    async (size) => {
      const client = clientThatMay('s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts');
      here.fake.fault(write(size), { kind: 'cut answer', after: -1 });
      await expect(upload(here, source(size), { client })).rejects.toMatchObject({
        code: 'ERR_SEALPIPE_STORE',
        message: expect.stringMatching(/unknown whether it was stored/),
        retryable: false,
      });
    },
  );

  it('with 200 and an error inside is a failure, also after retries', async () => {
    here.fake.fault(
      { on: 'CompleteMultipartUpload', times: 99 },
      { kind: 'refuse', status: 200, code: 'InternalError' },
    );
    await expect(upload(here, source(12 * MIB))).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_STORE',
      retryable: true,
    });
    expect(stored(here)).toBeUndefined();
    expect(openUploads(here)).toBe(0);
  });

  it('with 200 and an error inside is tried again', async () => {
    here.fake.fault('CompleteMultipartUpload', { kind: 'refuse', status: 200, code: 'InternalError' });
    await upload(here, source(12 * MIB));
    expect((await opened(here)).length).toBe(12 * MIB);
  });
});

describe('an upload that somebody else touches', () => {
  const uploads = () => here.fake.world.bucket(here.bucket).uploads;

  it('and aborts is a failure that says so', async () => {
    here.fake.fault('CompleteMultipartUpload', { kind: 'act', act: () => uploads().clear() });
    await expect(upload(here, source(12 * MIB))).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_CHANGED',
      message: expect.stringMatching(/Somebody else ended/),
    });
  });

  it.each([
    [
      'a part that is not ours',
      (parts: Map<number, { bytes: Buffer }>) => parts.set(9, { ...parts.get(1)! }),
    ],
    [
      'a part with other bytes',
      (parts: Map<number, { bytes: Buffer }>) => {
        const part = parts.get(2)! as { bytes: Buffer; checksum: { algorithm: string; value: string } };
        parts.set(2, { ...part, checksum: { ...part.checksum, value: 'AAAAAA==' } } as never);
      },
    ],
    ['a part that is gone', (parts: Map<number, { bytes: Buffer }>) => parts.delete(1)],
  ])('and leaves %s in is not completed', async (_what, touch) => {
    here.fake.fault('ListParts', {
      kind: 'act',
      act: () => void touch([...uploads().values()][0]!.parts as never),
    });
    await expect(upload(here, source(12 * MIB))).rejects.toMatchObject({ code: 'ERR_SEALPIPE_CHANGED' });
    expect(here.fake.seen.of('CompleteMultipartUpload')).toEqual([]);
    expect(openUploads(here)).toBe(0);
  });

  it('between list and completion is completed with a new list', async () => {
    here.fake.quirks.randomEtags = true;
    here.fake.fault('CompleteMultipartUpload', { kind: 'refuse', status: 400, code: 'InvalidPart' });
    await upload(here, source(12 * MIB));
    expect(here.fake.seen.of('ListParts')).toHaveLength(2);
  });

  it('is completed without a list if that is not allowed, with a warning', async () => {
    const client = clientThatMay('s3:PutObject', 's3:AbortMultipartUpload');
    const report = await upload(here, source(12 * MIB), { client });
    expect(report.warnings).toEqual([expect.stringMatching(/s3:ListMultipartUploadParts/)]);
    expect((await opened(here)).length).toBe(12 * MIB);
  });
});

describe('a bucket in another region', () => {
  it.each(SIZES)('is found, and the client stays what it is (%d bytes)', async (size) => {
    here.fake.world.createBucket('elsewhere', 'ap-southeast-2');
    await upload(here, source(size), { bucket: 'elsewhere' });
    expect(await here.client.config.region()).toBe(REGION);
    expect((await opened(here, 'k', 'elsewhere')).length).toBe(size);
  });
});
