import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { expect, it, onTestFinished } from 'vitest';
import { decryptAtPace, decryptObject } from '../../../src/s3/download/decrypt-object.js';
import type { DecryptObjectOptions } from '../../../src/s3/download/decrypt-object-options.js';
import type { S3Message } from '../../../src/s3/store/diagnostics.js';
import { hanging } from '../../support/hanging-provider.js';
import { outcome, PROMPTLY, timeToClose } from '../../support/outcome.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import { impostor, keys, strangers } from '../../support/test-keys.js';
import { F, placeOf, plaintextOf, putBytes, putSealed, QUICK } from '../support/sealed-objects.js';

const here = fakeForTests();
const key = 'backups/2026 ü.sealed';
const bucket = () => here.fake.world.bucket(here.bucket);

function open(options: Partial<DecryptObjectOptions> = {}) {
  return decryptAtPace({ client: here.client, bucket: here.bucket, key, keys, ...options }, QUICK);
}

const LAYOUTS = ['fixed', 'record'] as const;
const SIZES = [0, 1, F - 1, F, F + 1, 3 * F, 70 * F + 17];
const CASES = LAYOUTS.flatMap((layout) =>
  SIZES.flatMap((size) => [1, 3].map((n) => [layout, size, n] as const)),
);

it.each(CASES)('opens an object: %s layout, %i bytes, %i at once', async (layout, size, concurrency) => {
  const plaintext = plaintextOf(size);
  const sealed = await putSealed(bucket(), key, plaintext, { layout });
  const stream = open({ concurrency });
  const { bytes, ended, error } = await outcome(stream);
  expect([error, ended, bytes.equals(plaintext)]).toEqual([undefined, true, true]);
  expect([stream.bytesIn, stream.bytesOut]).toEqual([sealed.length, size]);
  expect(here.fake.seen.operations).toEqual(['GetObject']);
});

it('reads several ranges at once, in order', async () => {
  const plaintext = Buffer.alloc(40 * 2 ** 20, 3);
  await putSealed(bucket(), key, plaintext);
  const { bytes, error } = await outcome(open({ concurrency: 3 }));
  expect([error, bytes.equals(plaintext)]).toEqual([undefined, true]);
  const requests = here.fake.seen.of('GetObject');
  expect(requests.length).toBe(6);
  expect(new Set(requests.slice(1).map(({ headers }) => headers['if-match'])).size).toBe(1);
});

it('tells the header before the first byte, and how far it is', async () => {
  await putSealed(bucket(), key, plaintextOf(10), {
    encryptionContext: { ...placeOf(here.bucket, key), a: 'b' },
  });
  const told: string[] = [];
  const stream = open({
    onHeader: () => told.push('onHeader'),
    onProgress: ({ bytesOut, total }) => told.push(`${bytesOut} of ${total}`),
    encryptionContext: { a: 'b' },
  });
  const [header] = await once(stream, 'header');
  expect([header, stream.header?.encryptionContext?.['a'], stream.recipient?.key]).toEqual([
    stream.header,
    'b',
    'test',
  ]);
  await outcome(stream);
  expect(told).toEqual(['onHeader', `10 of ${stream.bytesIn}`]);
});

it.each([
  ['no keys that match', strangers, 'ERR_SEALPIPE_KEY_MISMATCH'],
  ['a key of the same name', impostor, 'ERR_SEALPIPE_AUTHENTICATION'],
])('fails as the decrypt stream does, with %s', async (_, wrong, code) => {
  await putSealed(bucket(), key, plaintextOf(5 * F));
  for (const concurrency of [1, 2]) {
    const { error, bytes } = await outcome(open({ keys: wrong, concurrency }));
    expect([error?.code, bytes.length]).toEqual([code, 0]);
  }
});

it.each([
  ['no byte', () => Buffer.alloc(0), 'ERR_SEALPIPE_TRUNCATED'],
  ['something else', () => Buffer.from('this is no sealed stream'), 'ERR_SEALPIPE_FORMAT'],
  ['a part of a preamble', (sealed: Buffer) => sealed.subarray(0, 50), 'ERR_SEALPIPE_TRUNCATED'],
  ['a stream without its end', (sealed: Buffer) => sealed.subarray(0, -1), 'ERR_SEALPIPE_AUTHENTICATION'],
  ['a flipped bit', (sealed: Buffer) => flipped(sealed, sealed.length - F), 'ERR_SEALPIPE_AUTHENTICATION'],
])('refuses an object of %s', async (_, change, code) => {
  const sealed = await putSealed(bucket(), key, plaintextOf(5 * F + 3));
  putBytes(bucket(), key, change(sealed));
  for (const concurrency of [1, 2]) {
    const { error, ended } = await outcome(open({ concurrency }));
    expect([error?.code, ended]).toEqual([code, false]);
  }
  expect(here.fake.seen.operations).toEqual(['GetObject', 'GetObject']);
});

it('says why it cannot read: absent, forbidden, no bucket, archived', async () => {
  expect((await outcome(open())).error).toMatchObject({
    code: 'ERR_SEALPIPE_STORE',
    message: expect.stringMatching(/no such object \(S3 GetObject: NoSuchKey, status 404\)/),
    retryable: false,
  });
  expect((await outcome(open({ bucket: 'absent' }))).error?.message).toMatch(/bucket does not exist/);
  here.fake.fault('GetObject', { kind: 'refuse', status: 403, code: 'AccessDenied' });
  expect((await outcome(open())).error).toMatchObject({
    message: expect.stringMatching(/^Access was denied/),
    hint: expect.stringMatching(/s3:GetObject .*s3:ListBucket/),
  });
  here.fake.fault('GetObject', { kind: 'refuse', status: 403, code: 'InvalidObjectState' });
  expect((await outcome(open())).error).toMatchObject({ hint: expect.stringMatching(/restore-object/) });
});

it('goes to the region of the bucket', async () => {
  const elsewhere = here.fake.world.createBucket('elsewhere', 'ap-southeast-2');
  await putSealed(elsewhere, key, plaintextOf(3));
  expect((await outcome(open({ bucket: 'elsewhere' }))).bytes).toEqual(plaintextOf(3));
});

it('reads the version that is asked for', async () => {
  const versioned = here.fake.world.createBucket('versioned', here.fake.world.bucket(here.bucket).region, {
    versioning: true,
  });
  await putSealed(versioned, key, plaintextOf(3));
  const { versionId } = versioned.keys.get(key)![0]!;
  await putSealed(versioned, key, plaintextOf(9));
  const place = { bucket: 'versioned', versionId };
  expect((await outcome(open(place))).bytes).toEqual(plaintextOf(3));
  here.fake.fault('GetObject', {
    kind: 'alter',
    alter: (answer) => ({ ...answer, headers: { ...answer.headers, 'x-amz-version-id': 'another' } }),
  });
  expect((await outcome(open(place))).error).toMatchObject({ code: 'ERR_SEALPIPE_STORE' });
});

it('ends sockets at once when it is destroyed or aborted', async () => {
  await putSealed(bucket(), key, plaintextOf(400 * F));
  for (const concurrency of [1, 2]) {
    here.fake.fault('GetObject', { kind: 'stall answer', after: 20 * F });
    // Of a client of its own, so that no connection from before serves it.
    const client = here.clientWith({ maxAttempts: 1 });
    const before = here.fake.sockets.size;
    const controller = new AbortController();
    const stream = open({ client, concurrency, signal: controller.signal });
    stream.on('error', () => undefined).resume();
    if (concurrency === 1) await once(stream, 'header');
    else await new Promise((resolve) => setTimeout(resolve, 50));
    controller.abort(new Error('enough'));
    expect(await timeToClose(stream)).toBeLessThan(PROMPTLY);
    expect(stream.errored).toMatchObject({ name: 'AbortError', cause: { message: 'enough' } });
    await expect.poll(() => here.fake.sockets.size).toBeLessThanOrEqual(before);
  }
});

it('ends during a key call that nobody answers', async () => {
  await putSealed(bucket(), key, plaintextOf(F));
  const silent = hanging(keys, 'unwrap');
  const stream = open({ keys: silent.provider });
  await silent.asked;
  stream.on('error', () => undefined).destroy(new Error('enough'));
  expect(await timeToClose(stream)).toBeLessThan(PROMPTLY);
  const refused = open({ signal: AbortSignal.abort() });
  expect((await outcome(refused)).error?.name).toBe('AbortError');
});

it('ends while a client never answers, whatever it does with a signal', async () => {
  const client = { send: () => new Promise(() => undefined), config: { region: () => 'x' } };
  const stream = open({ client });
  setTimeout(() => stream.destroy(), 10);
  expect(await timeToClose(stream)).toBeLessThan(PROMPTLY);
});

it('fails a pipeline with what a listener throws', async () => {
  await putSealed(bucket(), key, plaintextOf(F));
  const stream = open({
    onHeader: () => {
      throw new Error('not like this');
    },
  });
  await expect(
    pipeline(stream, async (all) => {
      for await (const _ of all);
    }),
  ).rejects.toThrow('not like this');
});

it('refuses options that are wrong or unknown', () => {
  const good = { client: here.client, bucket: here.bucket, key, keys };
  const wrong: object[] = [
    { client: {} },
    { bucket: '' },
    { key: '' },
    { concurrency: 0 },
    { concurrency: 257 },
    { location: 'elsewhere' },
    { versionId: '' },
    { onProgress: 'x' },
    { writableHighWaterMark: 1 },
    { keys: [] },
    { signal: 'x' },
  ];
  for (const one of wrong) {
    expect(() => decryptObject({ ...good, ...one })).toThrow(
      expect.objectContaining({ code: 'ERR_SEALPIPE_OPTIONS' }),
    );
  }
  const encryptionContext = { 'sealpipe:key': 'x' };
  expect(() => decryptObject({ ...good, encryptionContext })).toThrow(
    expect.objectContaining({ code: 'ERR_SEALPIPE_CONTEXT' }),
  );
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 1;
  return copy;
}

it('reports on sealpipe:s3, with no name of anything', async () => {
  const messages: S3Message[] = [];
  const note = (message: unknown): void => void messages.push(message as S3Message);
  subscribe('sealpipe:s3', note);
  onTestFinished(() => void unsubscribe('sealpipe:s3', note));
  const sealed = await putSealed(bucket(), key, plaintextOf(9 * F));
  here.fake.fault('GetObject', { kind: 'refuse', status: 503, code: 'SlowDown' });
  here.fake.fault('GetObject', { kind: 'cut answer', after: 5 * F });
  await outcome(open());
  await outcome(open({ keys: strangers }));
  expect(messages.map(({ event, direction }) => `${direction} ${event}`)).toEqual([
    'download retry',
    'download start',
    'download retry',
    'download end',
    'download start',
    'download error',
  ]);
  expect(messages[3]).toMatchObject({ bytes: sealed.length });
  expect(messages[5]).toMatchObject({ error: { code: 'ERR_SEALPIPE_KEY_MISMATCH' } });
  expect(JSON.stringify(messages)).not.toContain(here.bucket);
});
