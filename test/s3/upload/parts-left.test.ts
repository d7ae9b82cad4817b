import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { SealpipeError } from '../../../src/errors.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import { MIB, openUploads, source, upload } from './uploads.js';

const here = fakeForTests();

describe('an upload whose parts cannot be removed', () => {
  const hint = expect.stringMatching(/sealpipe uploads --abort/);
  beforeEach(() =>
    here.fake.fault(
      { on: 'AbortMultipartUpload', times: 99 },
      { kind: 'refuse', status: 403, code: 'AccessDenied' },
    ),
  );

  it('fails with what its source failed with, which stays as it is', async () => {
    const error = new Error('the disk is broken');
    const body = Readable.from([Buffer.alloc(7 * MIB), error]).map((given: unknown) => {
      if (given === error) throw error;
      return given;
    });
    await expect(upload(here, body)).rejects.toBe(error);
    expect(error).not.toHaveProperty('hint');
    const ours = new SealpipeError('ERR_SEALPIPE_TIMEOUT', 'The vault sleeps', { retryable: true });
    const late = source(7 * MIB, 'stalls');
    const failed = upload(here, late, { key: 'late' });
    while (openUploads(here) < 2) await pause(10);
    late.destroy(ours);
    await expect(failed).rejects.toMatchObject({ code: 'ERR_SEALPIPE_TIMEOUT', retryable: true, hint });
    expect(ours).not.toHaveProperty('hint');
  });

  it('tells of them in an abort', async () => {
    const stop = new AbortController();
    const failed = upload(here, source(7 * MIB, 'stalls'), { signal: stop.signal });
    failed.catch(() => undefined);
    while (openUploads(here) === 0) await pause(10);
    stop.abort(new Error('enough'));
    await expect(failed).rejects.toMatchObject({
      name: 'AbortError',
      code: 'ABORT_ERR',
      cause: { message: 'enough' },
      hint,
    });
  });

  it('keeps the hint that there is', async () => {
    const options = { expectedLength: 12 * MIB };
    const first = await upload(here, source(11 * MIB), options).catch((error: unknown) => error);
    expect(first).toMatchObject({ code: 'ERR_SEALPIPE_LENGTH', hint });
    here.fake.fault({ on: 'CompleteMultipartUpload' }, { kind: 'refuse', status: 403, code: 'AccessDenied' });
    const { hint: both } = await upload(here, source(7 * MIB)).then(
      () => ({ hint: '' }),
      (error: { hint: string }) => error,
    );
    expect(both).toMatch(/s3:PutObject.*\. Parts of the upload may be left/);
  });
});

describe('parts of an upload that failed', () => {
  it('are removed until the store has none, also those that come late', async () => {
    const uploads = here.fake.world.bucket(here.bucket).uploads;
    let late: (() => void) | undefined;
    here.fake.fault('AbortMultipartUpload', {
      kind: 'act',
      act: () => {
        const [open] = [...uploads.values()];
        late = () => void uploads.set(open!.id, open!);
      },
    });
    here.fake.fault('ListParts', { kind: 'act', act: () => late?.() });
    await expect(upload(here, source(12 * MIB, 'fails'))).rejects.toThrow('the disk is broken');
    expect(uploads.size).toBe(0);
    expect(here.fake.seen.of('AbortMultipartUpload')).toHaveLength(2);
  });

  it('are gone for Ceph, too, which calls it NoSuchKey and says no message', async () => {
    Object.assign(here.fake.quirks, { forgetsUploads: true, saysNoMessage: true });
    await expect(upload(here, source(12 * MIB, 'fails'))).rejects.toThrow('the disk is broken');
    expect(openUploads(here)).toBe(0);
    expect(here.fake.seen.of('AbortMultipartUpload')).toHaveLength(1);
  });

  it('are removed also if the answer that names their upload comes after the failure', async () => {
    here.fake.fault('CreateMultipartUpload', { kind: 'delay', milliseconds: 300 });
    await expect(upload(here, source(7 * MIB, 'fails'))).rejects.toThrow('the disk is broken');
    expect(here.fake.seen.of('CreateMultipartUpload')).toHaveLength(1);
    expect(openUploads(here)).toBe(0);
  });
});
