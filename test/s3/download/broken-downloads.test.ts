import { once } from 'node:events';
import { expect, it } from 'vitest';
import { decryptAtPace } from '../../../src/s3/download/decrypt-object.js';
import type { DecryptObjectOptions } from '../../../src/s3/download/decrypt-object-options.js';
import { readHeader } from '../../../src/streams/read-header.js';
import { hanging } from '../../support/hanging-provider.js';
import { outcome } from '../../support/outcome.js';
import type { Answer } from '../../support/s3/fake/answer.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import { keys } from '../../support/test-keys.js';
import { F, IMPATIENT, plaintextOf, putBytes, putSealed, QUICK } from '../support/sealed-objects.js';

const here = fakeForTests();
const key = 'k.sealed';
const bucket = () => here.fake.world.bucket(here.bucket);
const plaintext = plaintextOf(12 * F + 100);

function open(options: Partial<DecryptObjectOptions> = {}, pace = QUICK) {
  return decryptAtPace({ client: here.client, bucket: here.bucket, key, keys, ...options }, pace);
}

const ranges = () => here.fake.seen.of('GetObject').map(({ headers }) => headers['range']);

/** Places all over an object: its ends, both sides of each border, and others. */
function places(size: number, preamble: number): number[] {
  const borders = [0, 84, preamble, preamble + F + 16, preamble + 3 * (F + 16), size];
  const near = borders.flatMap((at) => [at - 1, at, at + 1, at + 700]);
  return [...new Set(near)].filter((at) => at >= 0 && at < size);
}

it.each(['fixed', 'record'] as const)(
  'goes on at the beginning of the frame that broke: %s layout',
  async (layout) => {
    const sealed = await putSealed(bucket(), key, plaintext, { layout });
    const { preambleSize } = await readHeader(sealed);
    const unit = F + 16 + (layout === 'record' ? 4 : 0);
    for (const after of places(sealed.length, preambleSize)) {
      here.fake.seen.requests.length = 0;
      here.fake.fault('GetObject', { kind: 'cut answer', after });
      const { bytes, ended, error } = await outcome(open());
      expect([after, error, ended, bytes.equals(plaintext)]).toEqual([after, undefined, true, true]);
      const whole = Math.floor((after - preambleSize) / unit);
      const start = after < preambleSize ? after : preambleSize + whole * unit;
      expect([after, ...ranges()]).toEqual([after, 'bytes=0-', `bytes=${start}-${sealed.length - 1}`]);
      expect(here.fake.seen.requests[1]!.headers['if-match']).toBe(bucket().keys.get(key)![0]!.etag);
    }
  },
);

it('goes on where an answer ends early but cleanly, with several ranges too', async () => {
  const large = Buffer.alloc(20 * 2 ** 20, 5);
  await putSealed(bucket(), key, large);
  for (const [concurrency, kind] of [
    [1, 'end answer'],
    [3, 'cut answer'],
    [3, 'stall answer'],
  ] as const) {
    here.fake.fault({ on: 'GetObject', skip: concurrency === 1 ? 0 : 1 }, { kind, after: 5_000_001 });
    const { bytes, error } = await outcome(open({ concurrency }, IMPATIENT));
    expect([kind, error, bytes.equals(large)]).toEqual([kind, undefined, true]);
  }
});

it('goes on at most 5 times without progress', async () => {
  await putSealed(bucket(), key, plaintext);
  here.fake.fault({ on: 'GetObject', times: 5 }, { kind: 'cut answer', after: F });
  const { ended } = await outcome(open());
  expect([ended, ranges().length]).toEqual([true, 6]);
  for (const concurrency of [1, 2]) {
    here.fake.seen.requests.length = 0;
    here.fake.fault({ on: 'GetObject', times: 6 }, { kind: 'cut answer', after: 1_000 });
    const { error, ...given } = await outcome(open({ concurrency }));
    expect(error).toMatchObject({
      code: 'ERR_SEALPIPE_STORE',
      retryable: true,
      message: expect.stringMatching(/broke/),
    });
    expect([given.ended, ranges().length]).toEqual([false, 6]);
  }
});

it.each([1, 2])('goes on as long as it makes progress, with %i ranges', async (concurrency) => {
  await putSealed(bucket(), key, plaintext);
  here.fake.fault({ on: 'GetObject', times: 99 }, { kind: 'cut answer', after: 2 * F });
  const { bytes, error } = await outcome(open({ concurrency }));
  expect([error, bytes.equals(plaintext), ranges().length > 6]).toEqual([undefined, true, true]);
});

it('gives up on a store that gives a few bytes per connection', async () => {
  await putSealed(bucket(), key, plaintext, { layout: 'record' });
  for (const concurrency of [1, 2]) {
    here.fake.seen.requests.length = 0;
    here.fake.fault({ on: 'GetObject', times: 99 }, { kind: 'cut answer', after: 1 });
    const { error } = await outcome(open({ concurrency }));
    expect([error?.code, ranges().length]).toEqual(['ERR_SEALPIPE_STORE', 6]);
    here.fake.clearFaults();
  }
});

it('goes on if all of its connections break at once', async () => {
  const large = Buffer.alloc(8 * 2 ** 20, 5);
  await putSealed(bucket(), key, large);
  here.fake.fault({ on: 'GetObject', skip: 1, times: 7 }, { kind: 'cut answer', after: 100_000 });
  const { bytes, error } = await outcome(open({ concurrency: 256 }));
  expect([error, bytes.equals(large)]).toEqual([undefined, true]);
});

it('replaces a connection that stands still, and none that nobody reads from', async () => {
  const large = Buffer.alloc(8 * 2 ** 20, 5);
  await putSealed(bucket(), key, large);
  here.fake.fault('GetObject', { kind: 'stall answer', after: 1_000_000 });
  const { bytes } = await outcome(open({}, IMPATIENT));
  expect([bytes.equals(large), ranges().length]).toEqual([true, 2]);

  here.fake.seen.requests.length = 0;
  const slow = open({}, IMPATIENT);
  await once(slow, 'header');
  await new Promise((resolve) => setTimeout(resolve, 2 * IMPATIENT.stallAfter));
  expect((await outcome(slow)).bytes.length).toBe(large.length);
  expect(ranges().length).toBe(1);
});

it('waits out a store that is slow, down or resets connections', async () => {
  await putSealed(bucket(), key, plaintext);
  here.fake.fault('GetObject', { kind: 'refuse', status: 503, code: 'SlowDown' });
  here.fake.fault('GetObject', { kind: 'cut answer', after: -1 });
  here.fake.fault('GetObject', { kind: 'cut answer', after: 3 * F });
  here.fake.fault('GetObject', { kind: 'refuse', status: 500, code: 'InternalError' });
  expect((await outcome(open())).bytes).toEqual(plaintext);
  here.fake.fault({ on: 'GetObject', times: 9 }, { kind: 'refuse', status: 503, code: 'SlowDown' });
  expect((await outcome(open())).error).toMatchObject({ code: 'ERR_SEALPIPE_STORE', retryable: true });
});

it.each([
  ['replaced', false, () => void putBytes(bucket(), key, Buffer.alloc(1_000_000))],
  [
    'replaced, and the store ignores conditions',
    true,
    () => void putBytes(bucket(), key, Buffer.alloc(1_000_000)),
  ],
  ['removed', false, () => void bucket().keys.delete(key)],
])('notices an object that is %s while it is read', async (_, ignores, change) => {
  await putSealed(bucket(), key, plaintext);
  if (ignores) here.fake.quirks.ignoresConditions = new Set(['GetObject']);
  here.fake.fault('GetObject', { kind: 'cut answer', after: 5 * F });
  here.fake.fault('GetObject', { kind: 'act', act: change });
  const { error, ended } = await outcome(open());
  expect([error?.code, ended]).toEqual(['ERR_SEALPIPE_CHANGED', false]);
  expect(error).toMatchObject({ retryable: true });
});

it('reads one version to its end, also if another one takes its place, where it may', async () => {
  const versioned = here.fake.world.createBucket('versioned', bucket().region, { versioning: true });
  await putSealed(versioned, key, plaintext);
  const replace = (): void => void putBytes(versioned, key, Buffer.alloc(9));
  here.fake.fault('GetObject', { kind: 'cut answer', after: 5 * F });
  here.fake.fault('GetObject', { kind: 'act', act: replace });
  expect((await outcome(open({ bucket: 'versioned' }))).bytes).toEqual(plaintext);
});

it('needs no right to versions if none is named', async () => {
  const versioned = here.fake.world.createBucket('versioned', bucket().region, { versioning: true });
  await putSealed(versioned, key, plaintext);
  const policies = [{ Statement: [{ Effect: 'Allow' as const, Action: 's3:GetObject', Resource: '*' }] }];
  const user = { accessKeyId: 'READER', secretAccessKey: 'secret', policies };
  here.fake.addUser(user);
  const client = here.clientWith({ credentials: user, maxAttempts: 1 });
  here.fake.fault('GetObject', { kind: 'cut answer', after: 5 * F });
  expect((await outcome(open({ bucket: 'versioned', client }))).bytes).toEqual(plaintext);
  expect(here.fake.seen.requests.map(({ status }) => status)).toEqual([206, 403, 206]);
});

const headers = (more: Record<string, string>) => (answer: Answer) => ({
  ...answer,
  headers: { ...answer.headers, ...more },
});
const without = (name: string) => (answer: Answer) => ({
  ...answer,
  headers: Object.fromEntries(Object.entries(answer.headers).filter(([one]) => one !== name)),
});

it.each<[string, (answer: Answer) => Answer, string]>([
  ['another range', headers({ 'content-range': 'bytes 1-100/200', 'content-length': '100' }), 'STORE'],
  ['another ETag', headers({ etag: '"another"' }), 'CHANGED'],
  ['no ETag', without('etag'), 'STORE'],
  ['a version', headers({ 'x-amz-version-id': 'v2' }), 'CHANGED'],
  ['no range', without('content-range'), 'STORE'],
  ['a range without a total', headers({ 'content-range': 'bytes 0-99/*' }), 'STORE'],
])('believes no answer that has %s', async (_, alter, code) => {
  await putSealed(bucket(), key, plaintext);
  here.fake.fault('GetObject', { kind: 'cut answer', after: 5 * F });
  here.fake.fault('GetObject', { kind: 'alter', alter });
  expect((await outcome(open())).error?.code).toBe(`ERR_SEALPIPE_${code}`);
});

it('believes no other total', async () => {
  const sealed = await putSealed(bucket(), key, plaintext);
  const alter = (answer: Answer) => {
    const range = answer.headers['content-range']!.replace(/\d+$/, String(sealed.length + 1));
    return { ...answer, headers: { ...answer.headers, 'content-range': range } };
  };
  here.fake.fault('GetObject', { kind: 'cut answer', after: 5 * F });
  here.fake.fault('GetObject', { kind: 'alter', alter });
  const { error, bytes } = await outcome(open());
  expect([error?.code, plaintext.subarray(0, bytes.length).equals(bytes)]).toEqual([
    'ERR_SEALPIPE_CHANGED',
    true,
  ]);
});

it('opens an object from a server that knows no ranges, if nothing breaks', async () => {
  await putSealed(bucket(), key, plaintext);
  here.fake.quirks.ignoresRanges = true;
  here.fake.quirks.bareEtags = true;
  expect((await outcome(open())).bytes).toEqual(plaintext);
  here.fake.fault('GetObject', { kind: 'cut answer', after: 5 * F });
  expect((await outcome(open())).error?.code).toBe('ERR_SEALPIPE_STORE');
});

it('does not take a checksum of the client for a fault of the data, nor for a fault of another kind', async () => {
  const sealed = await putSealed(bucket(), key, plaintext);
  here.fake.fault('GetObject', { kind: 'alter', alter: headers({ 'x-amz-checksum-crc32': 'AAAAAA==' }) });
  expect((await outcome(open())).bytes).toEqual(plaintext);
  putBytes(bucket(), key, Buffer.concat([sealed.subarray(0, -1), Buffer.from([sealed.at(-1)! ^ 1])]));
  here.fake.fault('GetObject', { kind: 'alter', alter: headers({ 'x-amz-checksum-crc32': 'AAAAAA==' }) });
  const { error } = await outcome(open());
  expect(error).toMatchObject({ code: 'ERR_SEALPIPE_AUTHENTICATION', atEnd: true });
});

it('goes on if the connection breaks while the key is on its way', async () => {
  const sealed = await putSealed(bucket(), key, plaintext);
  const { preambleSize } = await readHeader(sealed);
  for (const concurrency of [1, 2]) {
    for (const after of [preambleSize + 1, preambleSize + 3 * F, sealed.length - 1]) {
      const slow = hanging(keys, 'unwrap');
      here.fake.fault('GetObject', { kind: 'cut answer', after });
      const opened = outcome(open({ concurrency, keys: slow.provider }));
      await slow.asked;
      await new Promise((resolve) => setTimeout(resolve, 40));
      slow.answer();
      const { bytes, error } = await opened;
      expect([after, error, bytes.equals(plaintext)]).toEqual([after, undefined, true]);
    }
  }
});
