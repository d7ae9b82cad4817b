import { expect, it } from 'vitest';
import { listSealedObjects } from '../../../../src/s3/index.js';
import type { ListSealedObjectsOptions } from '../../../../src/s3/reading/listing/list-sealed-objects.js';
import { listAtPace } from '../../../../src/s3/reading/listing/list-sealed-objects.js';
import type { SealedObject } from '../../../../src/s3/reading/listing/sealed-object.js';
import { eventually } from '../../../support/eventually.js';
import { fakeForTests } from '../../../support/s3/fake-for-tests.js';
import { F, plaintextOf, putBytes, putSealed, QUICK } from '../../support/sealed-objects.js';

const here = fakeForTests();
const bucket = () => here.fake.world.bucket(here.bucket);

async function list(options: Partial<ListSealedObjectsOptions> = {}): Promise<SealedObject[]> {
  const found: SealedObject[] = [];
  for await (const object of listAtPace({ client: here.client, bucket: here.bucket, ...options }, QUICK)) {
    found.push(object);
  }
  return found;
}

it('lists what is sealed, with the size of the plaintext, and what is not, with the reason', async () => {
  const sealed = await putSealed(bucket(), 'a/1', plaintextOf(2 * F + 5));
  await putSealed(bucket(), 'a/2', plaintextOf(7), { layout: 'record' });
  putBytes(bucket(), 'a/3', Buffer.from('plain text'));
  putBytes(bucket(), 'a/4', sealed.subarray(0, 60));
  putBytes(bucket(), 'a/5', sealed.subarray(0, -6));
  putBytes(bucket(), 'a/6/', Buffer.alloc(0));
  await putSealed(bucket(), 'b', plaintextOf(1));
  const found = await list({ prefix: 'a/' });
  expect(
    found.map(({ key, size, plaintextSize, header, error }) => [
      key,
      size,
      plaintextSize,
      header?.layout,
      error?.code,
    ]),
  ).toEqual([
    ['a/1', sealed.length, 2 * F + 5, 'fixed', undefined],
    ['a/2', expect.any(Number), undefined, 'record', undefined],
    ['a/3', 10, undefined, undefined, 'ERR_SEALPIPE_FORMAT'],
    ['a/4', 60, undefined, undefined, 'ERR_SEALPIPE_TRUNCATED'],
    ['a/5', sealed.length - 6, undefined, 'fixed', 'ERR_SEALPIPE_TRUNCATED'],
    ['a/6/', 0, undefined, undefined, 'ERR_SEALPIPE_TRUNCATED'],
  ]);
});

it('goes through all pages, with keys that XML cannot hold', async () => {
  const keys = ['a b+c%', 'ü', '\u{1f512}', 'z\u0001\n', ...Array.from({ length: 7 }, (_, i) => `n${i}`)];
  for (const key of keys) await putSealed(bucket(), key, plaintextOf(1));
  here.fake.quirks.pageSize = 3;
  const found = await list();
  expect(found.map(({ key }) => key)).toEqual(
    keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
  );
  expect(found.every(({ plaintextSize }) => plaintextSize === 1)).toBe(true);
  expect(here.fake.seen.of('ListObjectsV2').length).toBe(4);
});

it('looks at a bounded number of objects at once, and ahead of who reads', async () => {
  for (let i = 0; i < 20; i++) await putSealed(bucket(), `k${i}`, plaintextOf(1));
  let [now, most] = [0, 0];
  here.fake.fault(
    { on: 'GetObject', times: Number.POSITIVE_INFINITY },
    {
      kind: 'act',
      act: async () => {
        most = Math.max(most, ++now);
        // The first ones wait for the others.
        await eventually(() => expect(most).toBeGreaterThan(2));
        await new Promise((resolve) => setTimeout(resolve, 5));
        now--;
      },
    },
  );
  expect((await list({ concurrency: 3 })).length).toBe(20);
  expect(most).toBe(3);
});

it('tells what became of an object that is gone, forbidden or archived', async () => {
  await putSealed(bucket(), 'k', plaintextOf(1));
  for (const [status, code] of [
    [404, 'NoSuchKey'],
    [403, 'AccessDenied'],
    [403, 'InvalidObjectState'],
  ] as const) {
    here.fake.fault('GetObject', { kind: 'refuse', status, code });
    const [object] = await list();
    expect(object).toMatchObject({ key: 'k', header: undefined, error: { code: 'ERR_SEALPIPE_STORE' } });
  }
});

it('fails if the listing itself fails', async () => {
  await expect(list({ bucket: 'absent' })).rejects.toMatchObject({ code: 'ERR_SEALPIPE_STORE' });
  here.fake.fault('ListObjectsV2', { kind: 'refuse', status: 403, code: 'AccessDenied' });
  await expect(list()).rejects.toMatchObject({ hint: expect.stringContaining('s3:ListBucket') });
});

it('ends when it is aborted or left, and begins nothing more', async () => {
  for (let i = 0; i < 30; i++) await putSealed(bucket(), `k${i}`, plaintextOf(1));
  const controller = new AbortController();
  const aborted = (async () => {
    for await (const _ of listSealedObjects({
      client: here.client,
      bucket: here.bucket,
      signal: controller.signal,
    })) {
      controller.abort(new Error('enough'));
    }
  })();
  await expect(aborted).rejects.toMatchObject({ name: 'AbortError', cause: { message: 'enough' } });
  for await (const _ of listSealedObjects({ client: here.client, bucket: here.bucket })) break;
  await new Promise((resolve) => setTimeout(resolve, 50));
  // Two listings, and in each of them as many objects as are looked at at once, and the next.
  expect(here.fake.seen.requests.length).toBeLessThanOrEqual(2 * (1 + 5));
});

it('refuses options that are wrong or unknown', () => {
  const good = { client: here.client, bucket: here.bucket };
  for (const wrong of [
    { client: 1 },
    { bucket: '' },
    { prefix: 5 },
    { concurrency: 0 },
    { signal: 1 },
    { keys: [] },
  ]) {
    expect(() => listSealedObjects({ ...good, ...wrong } as never)).toThrow(
      expect.objectContaining({ code: 'ERR_SEALPIPE_OPTIONS' }),
    );
  }
});
