import { expect, it } from 'vitest';
import { openSealed, readHeader, recover, verify } from '../../../src/index.js';
import { s3Source } from '../../../src/s3/index.js';
import { ObjectSource } from '../../../src/s3/reading/object-source.js';
import { RENEW } from '../../../src/sources/versioned-source.js';
import { eventually } from '../../support/eventually.js';
import { outcome } from '../../support/outcome.js';
import type { Answer } from '../../support/s3/fake/answer.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import { keys } from '../../support/test-keys.js';
import { F, IMPATIENT, placeOf, plaintextOf, putBytes, putSealed, QUICK } from '../support/sealed-objects.js';

const here = fakeForTests();
const key = 'k.sealed';
const bucket = () => here.fake.world.bucket(here.bucket);
const plaintext = plaintextOf(60 * F + 100);
const never = new AbortController().signal;

const source = () => s3Source({ client: here.client, bucket: here.bucket, key });
const quick = (pace = QUICK) => new ObjectSource(here.client, { bucket: here.bucket, key }, { pace });
const ranges = () => here.fake.seen.of('GetObject').map(({ headers }) => headers['range']);

it.each(['fixed', 'record'] as const)('reads ranges, verifies and recovers: %s layout', async (layout) => {
  const sealed = await putSealed(bucket(), key, plaintext, { layout });
  await using reader = await openSealed(source(), { keys, encryptionContext: placeOf(here.bucket, key) });
  expect(await reader.read(5 * F - 3, 7 * F)).toEqual(plaintext.subarray(5 * F - 3, 7 * F));
  expect(await reader.read(-50)).toEqual(plaintext.subarray(-50));
  expect(await verify(source(), { keys })).toMatchObject({
    complete: true,
    plaintextBytes: plaintext.length,
  });
  expect((await readHeader(source())).layout).toBe(layout);
  await using recovery = await recover(source(), { keys });
  expect((await outcome(recovery.createReadStream())).bytes).toEqual(plaintext);
  expect((await recovery.report).sealedBytes).toBe(sealed.length);
});

it('fetches the frames of a range and nothing more, all of one version', async () => {
  await putSealed(bucket(), key, plaintext);
  await using reader = await openSealed(source(), { keys });
  const { preambleSize } = reader.header;
  const start = (frame: number) => preambleSize + frame * (F + 16);
  await reader.read(30 * F + 5, 31 * F + 6);
  expect(ranges()).toEqual(['bytes=0-65535', `bytes=${start(30)}-${start(32) - 1}`]);
  const [first, second] = here.fake.seen.of('GetObject').map(({ headers }) => headers['if-match']);
  expect([first, second]).toEqual([undefined, bucket().keys.get(key)![0]!.etag]);
});

it('goes on at another version only if it is the same stream', async () => {
  const sealed = await putSealed(bucket(), key, plaintext);
  await using reader = await openSealed(source(), { keys });
  await reader.read(0, 9);
  // The same bytes under another ETag, as a copy or a store's own encryption makes it.
  here.fake.quirks.randomEtags = true;
  const { keys: versions } = bucket();
  versions.set(key, [{ ...versions.get(key)![0]!, etag: '"another"' }]);
  expect(await reader.read(40 * F, 41 * F)).toEqual(plaintext.subarray(40 * F, 41 * F));
  putBytes(bucket(), key, Buffer.concat([sealed.subarray(0, -F), Buffer.alloc(F)]));
  await putSealed(bucket(), key, plaintext);
  await expect(reader.read(50 * F, 51 * F)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_CHANGED' });
});

it('stays with a version that is named', async () => {
  const versioned = here.fake.world.createBucket('versioned', bucket().region, { versioning: true });
  await putSealed(versioned, key, plaintext);
  const { versionId } = versioned.keys.get(key)![0]!;
  const named = s3Source({ client: here.client, bucket: 'versioned', key, versionId });
  // There is no newer state of one version that a reader could switch to.
  expect([RENEW in named, RENEW in source()]).toEqual([false, true]);
  await using reader = await openSealed(named, { keys });
  putBytes(versioned, key, Buffer.alloc(100));
  expect(await reader.read(40 * F, 41 * F)).toEqual(plaintext.subarray(40 * F, 41 * F));
  expect(here.fake.seen.requests.every(({ query }) => query['versionId'] === versionId)).toBe(true);
});

it('reads on where a connection broke or stood still, and gives up after 5 times', async () => {
  const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, i) => i % 253));
  putBytes(bucket(), key, bytes);
  here.fake.fault('GetObject', { kind: 'cut answer', after: 10_000 });
  here.fake.fault('GetObject', { kind: 'end answer', after: 10_000 });
  here.fake.fault('GetObject', { kind: 'stall answer', after: 10_000 });
  const object = quick(IMPATIENT);
  expect(await object.size(never)).toBe(bytes.length);
  expect(await object.read(70_000, 190_000, never)).toEqual(bytes.subarray(70_000, 190_000));
  here.fake.fault({ on: 'GetObject', times: 6 }, { kind: 'cut answer', after: 10 });
  await expect(quick().read(70_000, 190_000, never)).rejects.toMatchObject({
    code: 'ERR_SEALPIPE_STORE',
    retryable: true,
  });
});

it('tries a first request that failed once more when it is asked again', async () => {
  const object = quick();
  await expect(object.size(never)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_STORE' });
  putBytes(bucket(), key, Buffer.alloc(5));
  expect(await object.size(never)).toBe(5);
});

/** Two callers wait for a first request that stalls; the first one has made it. */
async function twoWaiters() {
  putBytes(bucket(), key, Buffer.alloc(200_000));
  here.fake.fault('GetObject', { kind: 'stall answer', after: 10 });
  const object = quick();
  const [one, other] = [new AbortController(), new AbortController()];
  const [first, second] = [object.size(one.signal), object.size(other.signal)];
  first.catch(() => undefined);
  await eventually(() => expect(here.fake.seen.of('GetObject')).toHaveLength(1));
  return { object, one, other, first, second };
}

it('keeps one read when another one is aborted that has made the first request, and the version of that', async () => {
  const { object, one, other, first, second } = await twoWaiters();
  one.abort();
  await expect(first).rejects.toMatchObject({ name: 'AbortError' });
  expect(await second).toBe(200_000);
  await expect(object.size(one.signal)).rejects.toMatchObject({ name: 'AbortError' });
  other.abort();
  await expect(object.size(other.signal)).rejects.toMatchObject({ name: 'AbortError' });
  putBytes(bucket(), key, Buffer.alloc(200_000, 1));
  await expect(object.read(70_000, 190_000, never)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_CHANGED' });
});

it('ends a wait for the first request that another read has made', async () => {
  const { one, other, first, second } = await twoWaiters();
  other.abort();
  await expect(second).rejects.toMatchObject({ name: 'AbortError' });
  one.abort();
  await expect(first).rejects.toMatchObject({ name: 'AbortError' });
});

it('knows an object without a byte', async () => {
  putBytes(bucket(), key, Buffer.alloc(0));
  expect(await quick().size(never)).toBe(0);
  await expect(openSealed(source(), { keys })).rejects.toMatchObject({ code: 'ERR_SEALPIPE_TRUNCATED' });
});

it('ends a read at once when it is aborted, and its socket with it', async () => {
  putBytes(bucket(), key, Buffer.alloc(200_000));
  const object = quick();
  await object.size(never);
  const before = here.fake.sockets.size;
  here.fake.fault('GetObject', { kind: 'stall answer', after: 10_000 });
  const controller = new AbortController();
  const read = object.read(70_000, 190_000, controller.signal);
  setTimeout(() => controller.abort(new Error('enough')), 50);
  // Before the head of the answer has come, it is an AbortError with that as its cause.
  const ended = await read.then(String, (error: Error) => (error.cause as Error | undefined) ?? error);
  expect(ended).toMatchObject({ message: 'enough' });
  await expect.poll(() => here.fake.sockets.size).toBeLessThanOrEqual(before);
});

const altered = (more: Record<string, string>) => (answer: Answer) => ({
  ...answer,
  headers: { ...answer.headers, ...more },
});

it.each([
  ['of other bytes', { 'content-range': 'bytes 70001-190000/200000' }, 'STORE'],
  [
    'of another length',
    { 'content-range': 'bytes 70000-189998/200000', 'content-length': '119999' },
    'STORE',
  ],
  ['of another total', { 'content-range': 'bytes 70000-189999/200001' }, 'CHANGED'],
  ['of another ETag', { etag: '"x"' }, 'CHANGED'],
])('takes no answer %s', async (_, headers, code) => {
  putBytes(bucket(), key, Buffer.alloc(200_000));
  const object = quick();
  await object.size(never);
  here.fake.fault('GetObject', { kind: 'alter', alter: altered(headers) });
  await expect(object.read(70_000, 190_000, never)).rejects.toMatchObject({ code: `ERR_SEALPIPE_${code}` });
});

it('takes no answer of a server that knows no ranges or conditions for what it is not', async () => {
  putBytes(bucket(), key, Buffer.alloc(200_000));
  here.fake.quirks.ignoresRanges = true;
  await expect(quick().size(never)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_STORE' });
  here.fake.quirks.ignoresRanges = false;
  here.fake.quirks.ignoresConditions = new Set(['GetObject']);
  const object = quick();
  await object.size(never);
  putBytes(bucket(), key, Buffer.alloc(200_000, 1));
  await expect(object.read(70_000, 190_000, never)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_CHANGED' });
});

it('goes to the region of the bucket once', async () => {
  const elsewhere = here.fake.world.createBucket('elsewhere', 'ap-southeast-2');
  putBytes(elsewhere, key, Buffer.alloc(200_000));
  const object = new ObjectSource(here.client, { bucket: 'elsewhere', key }, { pace: QUICK });
  await object.size(never);
  await object.read(100_000, 150_000, never);
  await object.read(150_000, 160_000, never);
  expect(here.fake.seen.requests.map(({ status }) => status)).toEqual([301, 206, 206, 206]);
});

it('refuses options that are wrong or unknown', () => {
  const good = { client: here.client, bucket: here.bucket, key };
  for (const wrong of [
    { client: {} },
    { bucket: 'a/b' },
    { key: '\ud800' },
    { versionId: 5 },
    { region: 'x' },
  ]) {
    expect(() => s3Source({ ...good, ...wrong } as never)).toThrow(
      expect.objectContaining({ code: 'ERR_SEALPIPE_OPTIONS' }),
    );
  }
});
