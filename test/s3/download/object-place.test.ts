import { expect, it } from 'vitest';
import { decryptAtPace } from '../../../src/s3/download/decrypt-object.js';
import type { DecryptObjectOptions } from '../../../src/s3/download/decrypt-object-options.js';
import { outcome } from '../../support/outcome.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import { keys } from '../../support/test-keys.js';
import { plaintextOf, putBytes, putSealed, QUICK } from '../support/sealed-objects.js';

const here = fakeForTests();
const key = 'backups/2026 ü.sealed';
const bucket = () => here.fake.world.bucket(here.bucket);

function open(options: Partial<DecryptObjectOptions> = {}) {
  return decryptAtPace({ client: here.client, bucket: here.bucket, key, keys, ...options }, QUICK);
}

it('opens an object only where it was sealed, unless it is told otherwise', async () => {
  const sealed = await putSealed(bucket(), 'old/place', plaintextOf(5));
  putBytes(bucket(), key, sealed);
  const { error, bytes } = await outcome(open());
  expect(error).toMatchObject({ code: 'ERR_SEALPIPE_CONTEXT', hint: expect.stringContaining('location') });
  expect(bytes.length).toBe(0);
  const location = `s3://${here.bucket}/old/place`;
  expect((await outcome(open({ location }))).bytes).toEqual(plaintextOf(5));
  expect((await outcome(open({ location: 'any' }))).bytes).toEqual(plaintextOf(5));
  expect((await outcome(open({ location: 's3://other/old/place' }))).error?.code).toBe(
    'ERR_SEALPIPE_CONTEXT',
  );
});

it('refuses an object that was sealed without its place', async () => {
  await putSealed(bucket(), key, plaintextOf(5), { encryptionContext: {} });
  expect((await outcome(open())).error?.code).toBe('ERR_SEALPIPE_CONTEXT');
  expect((await outcome(open({ location: 'any' }))).ended).toBe(true);
});

it('names the option for the place only if the place may be what does not match', async () => {
  await putSealed(bucket(), key, plaintextOf(5));
  const { error } = await outcome(open({ location: 'any', encryptionContext: { a: 'b' } }));
  expect([error?.code, error?.hint]).toEqual(['ERR_SEALPIPE_CONTEXT', undefined]);
});

it('asks for a context that the stream withholds, whatever the place', async () => {
  const encryptionContext = { a: 'b' };
  await putSealed(bucket(), key, plaintextOf(5), { encryptionContext, withholdContext: true });
  const { error } = await outcome(open({ location: 'any' }));
  expect(error).toMatchObject({
    code: 'ERR_SEALPIPE_CONTEXT',
    hint: expect.stringMatching(/^Give the whole of it/),
  });
  expect((await outcome(open({ location: 'any', encryptionContext }))).ended).toBe(true);
});
