import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { S3Message } from '../../../src/s3/index.js';
import { patterned } from '../../support/pieces.js';
import type { Fault } from '../../support/s3/fake/faults.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import { sampled } from '../../support/sample.js';
import { FAST, MIB, opened, openUploads, source, stored, upload } from './uploads.js';

const here = fakeForTests();
const FAULTS: readonly (readonly [string, Fault])[] = [
  ['503 SlowDown', { kind: 'refuse', status: 503, code: 'SlowDown' }],
  ['500', { kind: 'refuse', status: 500, code: 'InternalError' }],
  ['a cut request', { kind: 'cut request', after: 100_000 }],
  ['a cut answer', { kind: 'cut answer', after: -1 }],
  ['BadDigest', { kind: 'refuse', status: 400, code: 'BadDigest' }],
  ['RequestTimeout', { kind: 'refuse', status: 400, code: 'RequestTimeout' }],
];

describe.each(sampled(FAULTS, 4, 'faults of an upload'))('after %s', (_name, fault) => {
  it('a small object is sent again', async () => {
    here.fake.fault('PutObject', fault);
    await upload(here, source(200_000));
    expect((await opened(here)).equals(patterned(200_000))).toBe(true);
  });

  it('a part is sent again, with the same bytes', async () => {
    here.fake.fault({ on: 'UploadPart', skip: 1 }, fault);
    const report = await upload(here, source(12 * MIB));
    expect((await opened(here)).equals(patterned(12 * MIB))).toBe(true);
    expect(report.retries).toBe(1);
    const checksums = here.fake.seen
      .of('UploadPart')
      .map(({ query, headers }) => `${query['partNumber']} ${headers['x-amz-checksum-crc32']}`);
    expect(checksums).toHaveLength(4);
    expect(new Set(checksums).size).toBe(3);
  });
});

describe.each(['HeadObject', 'CreateMultipartUpload', 'ListParts', 'CompleteMultipartUpload'])(
  '%s',
  (operation) => {
    it('is sent again', async () => {
      here.fake.fault({ on: operation, times: 2 }, { kind: 'refuse', status: 503, code: 'SlowDown' });
      await upload(here, source(6 * MIB));
      expect((await opened(here)).length).toBe(6 * MIB);
    });

    it('is not sent for ever', async () => {
      here.fake.fault({ on: operation, times: 99 }, { kind: 'refuse', status: 503, code: 'SlowDown' });
      await expect(upload(here, source(6 * MIB))).rejects.toMatchObject({
        code: 'ERR_SEALPIPE_STORE',
        retryable: true,
      });
      expect(here.fake.seen.of(operation)).toHaveLength(
        // Parts are listed also to see that they are gone.
        operation === 'ListParts' ? 2 * FAST.tries : FAST.tries,
      );
      expect(stored(here)).toBeUndefined();
      expect(openUploads(here)).toBe(0);
    });
  },
);

describe('a request that stands still', () => {
  const pace = { ...FAST, stallAfter: 1_500 };

  it.each(['HeadObject', 'UploadPart', 'CompleteMultipartUpload'])(
    'is ended and sent again (%s)',
    async (operation) => {
      here.fake.fault(operation, { kind: 'stall request' });
      const report = await upload(here, source(6 * MIB), {}, pace);
      expect((await opened(here)).equals(patterned(6 * MIB))).toBe(true);
      expect(report.retries).toBeGreaterThan(0);
    },
  );

  it('is a failure that says so if it does it again and again', async () => {
    here.fake.fault({ on: 'UploadPart', times: 99 }, { kind: 'stall request' });
    await expect(upload(here, source(6 * MIB), {}, { ...pace, tries: 2 })).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_STORE',
      retryable: true,
      message: expect.stringMatching(/stalled/),
    });
    expect(openUploads(here)).toBe(0);
  });
});

describe('the retries of the client itself', () => {
  it.each([10, 12 * MIB])('resend the same bytes, though they go out in slices (%d bytes)', async (size) => {
    const client = here.clientWith({ maxAttempts: 3 });
    for (const operation of ['PutObject', 'UploadPart']) {
      here.fake.fault(operation, { kind: 'cut request', after: 1_000 });
      here.fake.fault(operation, { kind: 'refuse', status: 503, code: 'SlowDown' });
    }
    const report = await upload(here, source(size), { client });
    expect((await opened(here)).equals(patterned(size))).toBe(true);
    expect(report.retries).toBe(0);
  });
});

describe('parts in flight', () => {
  /** How many UploadPart requests the server has at once, at most, if each waits for `wanted` others for a while. */
  async function mostAtOnce(wanted: number, concurrency?: number): Promise<number> {
    let [now, most] = [0, 0];
    const act = async (): Promise<void> => {
      most = Math.max(most, ++now);
      for (let waits = 0; most < wanted && waits < 100; waits++) await pause(20);
      await pause(50);
      now--;
    };
    here.fake.fault({ on: 'UploadPart', times: 99 }, { kind: 'act', act });
    await upload(here, source(50 * MIB), concurrency === undefined ? {} : { concurrency });
    expect((await opened(here)).equals(patterned(50 * MIB))).toBe(true);
    return most;
  }

  it('are four by default', async () => expect(await mostAtOnce(4)).toBe(4));
  it('are as many as is said', async () => expect(await mostAtOnce(1, 1)).toBe(1));
});

describe('the channel sealpipe:s3', () => {
  const heard: S3Message[] = [];
  const listen = (message: unknown) => void heard.push(message as S3Message);
  afterEach(() => {
    unsubscribe('sealpipe:s3', listen);
    heard.length = 0;
  });

  it('hears of start, parts, retries and the end', async () => {
    subscribe('sealpipe:s3', listen);
    here.fake.fault({ on: 'UploadPart', skip: 2 }, { kind: 'refuse', status: 503, code: 'SlowDown' });
    const { bytesOut } = await upload(here, source(12 * MIB), { expectedLength: 12 * MIB });
    expect(heard[0]).toMatchObject({ event: 'start', direction: 'upload', total: 12 * MIB, concurrency: 4 });
    const parts = heard.filter(({ event }) => event === 'part');
    expect(parts.map(({ part }) => part).sort()).toEqual([1, 2, 3]);
    expect(parts.reduce((sum, { bytes = 0 }) => sum + bytes, 0)).toBe(bytesOut);
    expect(heard.find(({ event }) => event === 'retry')).toMatchObject({
      operation: 'UploadPart',
      tries: 1,
      status: 503,
    });
    expect(heard.at(-1)).toMatchObject({ event: 'end', bytes: bytesOut, parts: 3 });
    expect(new Set(heard.map(({ transfer }) => transfer)).size).toBe(1);
  });

  it('hears of an error, whether parts were removed, and of no name or value', async () => {
    subscribe('sealpipe:s3', listen);
    await expect(
      upload(here, source(12 * MIB, 'fails'), {
        key: 'secret-key',
        encryptionContext: { a: 'secret-value' },
      }),
    ).rejects.toThrow('the disk is broken');
    expect(heard.at(-1)).toMatchObject({
      event: 'error',
      partsRemoved: true,
      error: { message: '[redacted]' },
    });
    expect(JSON.stringify(heard)).not.toMatch(/secret|the-bucket/);
  });

  it('says so if parts may be left', async () => {
    subscribe('sealpipe:s3', listen);
    here.fake.fault(
      { on: 'AbortMultipartUpload', times: 99 },
      { kind: 'refuse', status: 403, code: 'AccessDenied' },
    );
    await expect(upload(here, source(12 * MIB, 'fails'))).rejects.toThrow('the disk is broken');
    expect(heard.at(-1)).toMatchObject({ event: 'error', partsRemoved: false });
  });
});
