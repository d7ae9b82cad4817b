import { describe, expect, it } from 'vitest';
import { decryptObject } from '../../../src/s3/index.js';
import { StoreCalls } from '../../../src/s3/store/store-calls.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import { keys } from '../../support/test-keys.js';
import { FAST, MIB, opened, source, upload } from '../upload/uploads.js';

const here = fakeForTests();
const hanging = () => {
  let asked: () => void;
  const wasAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const credentials = () => {
    asked();
    return new Promise<never>(() => undefined);
  };
  return { client: here.clientWith({ credentials }), wasAsked };
};

describe('a client that never gets as far as the network', () => {
  it('does not keep an upload from being aborted', async () => {
    const { client, wasAsked } = hanging();
    const stop = new AbortController();
    const body = source(12 * MIB);
    const over = upload(here, body, { client, signal: stop.signal });
    await wasAsked;
    stop.abort(new Error('enough'));
    await expect(over).rejects.toMatchObject({ name: 'AbortError', cause: { message: 'enough' } });
    expect([body.destroyed, here.fake.seen.requests]).toEqual([true, []]);
  });

  it('does not keep a call with a payload from being aborted', async () => {
    const { client, wasAsked } = hanging();
    const stop = new AbortController();
    const calls = new StoreCalls(client, { signal: stop.signal });
    const payload = { bytes: Buffer.alloc(10), signing: 'auto' } as const;
    const over = calls.attempt('PutObject', { Bucket: here.bucket, Key: 'k' }, { payload });
    await wasAsked;
    stop.abort();
    await expect(over).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('counts as one that stands still', async () => {
    const { client } = hanging();
    const pace = { ...FAST, tries: 2, stallAfter: 50 };
    const calls = new StoreCalls(client, { signal: new AbortController().signal, pace });
    const over = calls.send('HeadObject', { Bucket: here.bucket, Key: 'k' });
    await expect(over).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_STORE',
      message: expect.stringContaining('StalledError'),
      retryable: true,
    });
  });

  it('does not keep a download from being destroyed', async () => {
    const { client, wasAsked } = hanging();
    const plaintext = decryptObject({ client, bucket: here.bucket, key: 'k', keys });
    await wasAsked;
    plaintext.destroy(new Error('enough'));
    await expect(plaintext.toArray()).rejects.toThrow('enough');
  });
});

describe('the answer to a completion', () => {
  it('may take longer than a request may stand still, while blanks come', async () => {
    const blanks = { kind: 'blanks in answer', blanks: 40, pause: 100 } as const;
    here.fake.fault('CompleteMultipartUpload', blanks);
    const { retries } = await upload(here, source(12 * MIB), {}, { ...FAST, stallAfter: 3_000 });
    expect([retries, here.fake.seen.of('CompleteMultipartUpload').length]).toEqual([0, 1]);
    expect((await opened(here)).length).toBe(12 * MIB);
  });

  it('that stands still is asked for again', async () => {
    here.fake.fault('CompleteMultipartUpload', { kind: 'stall answer', after: 10 });
    await upload(here, source(6 * MIB), {}, { ...FAST, stallAfter: 400 });
    expect(here.fake.seen.of('CompleteMultipartUpload')).toHaveLength(2);
    expect((await opened(here)).length).toBe(6 * MIB);
  });
});

describe('a bucket in another region', () => {
  it('is found once for all calls, whichever signal they have', async () => {
    here.fake.world.createBucket('far', 'us-west-2');
    const calls = new StoreCalls(here.client, { signal: new AbortController().signal, pace: FAST });
    const place = { Bucket: 'far', Key: 'k' };
    await calls.under(new AbortController().signal).send('PutObject', { ...place, Body: 'x' });
    await calls.send('HeadObject', place);
    await calls.under(new AbortController().signal).send('HeadObject', place);
    expect(here.fake.seen.requests.map(({ status }) => status)).toEqual([301, 200, 200, 200]);
  });
});
