import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { encrypt } from '../../../src/index.js';
import type { S3ClientLike } from '../../../src/s3/client-like.js';
import { decryptAtPace } from '../../../src/s3/download/decrypt-object.js';
import { listAtPace } from '../../../src/s3/reading/listing/list-sealed-objects.js';
import { ObjectSource } from '../../../src/s3/reading/object-source.js';
import { outcome } from '../../support/outcome.js';
import { keys } from '../../support/test-keys.js';
import { QUICK } from '../support/sealed-objects.js';

const place = { bucket: 'bbb', key: 'k' };
const encryptionContext = { 'sealpipe:bucket': 'bbb', 'sealpipe:key': 'k' };
const never = new AbortController().signal;

/** A client of a foreign kind, which answers everything alike. */
function clientThatSays(answer: () => unknown): S3ClientLike {
  return { config: { region: () => 'nowhere' }, send: async () => answer() };
}

const good = (sealed: Buffer) => ({
  Body: Readable.from([sealed]),
  ETag: '"e"',
  ContentRange: `bytes 0-${sealed.length - 1}/${sealed.length}`,
  ContentLength: sealed.length,
});

async function errorOf(answer: (sealed: Buffer) => unknown): Promise<unknown> {
  const sealed = await encrypt('plaintext', { keys, encryptionContext });
  const client = clientThatSays(() => answer(sealed));
  return (await outcome(decryptAtPace({ client, ...place, keys }, QUICK))).error;
}

it('takes bodies of either kind of stream, from a client of any kind', async () => {
  expect(await errorOf(good)).toBeUndefined();
  const web = (sealed: Buffer) => new Blob([new Uint8Array(sealed)]).stream();
  expect(await errorOf((sealed) => ({ ...good(sealed), Body: web(sealed) }))).toBeUndefined();
  expect(
    await errorOf((sealed) => ({ ...good(sealed), Body: Readable.from(sealed.subarray(0, 9)) })),
  ).toMatchObject({
    code: 'ERR_SEALPIPE_STORE',
  });
});

it.each<[string, (sealed: Buffer) => unknown]>([
  ['nothing', () => undefined],
  ['null', () => null],
  ['an empty answer', () => ({})],
  ['no body', (sealed) => ({ ...good(sealed), Body: undefined })],
  ['a text', (sealed) => ({ ...good(sealed), Body: 'text' })],
  ['a stream of text', (sealed) => ({ ...good(sealed), Body: Readable.from(['text'.repeat(500)]) })],
  ['an ETag that is none', (sealed) => ({ ...good(sealed), ETag: 5 })],
  ['a range that is none', (sealed) => ({ ...good(sealed), ContentRange: 'bytes 5-1/9' })],
  [
    'a range beyond counting',
    (sealed) => ({ ...good(sealed), ContentRange: 'bytes 0-9999999999999998/9999999999999999' }),
  ],
  ['a length that does not fit', (sealed) => ({ ...good(sealed), ContentLength: 1 })],
  ['a negative length', (sealed) => ({ ...good(sealed), ContentRange: undefined, ContentLength: -1 })],
])('fails in words of its own if the client answers %s', async (_, answer) => {
  expect(await errorOf(answer)).toMatchObject({ code: 'ERR_SEALPIPE_STORE' });
});

it('lets an answer without a byte go', async () => {
  const Body = new Readable({ read: () => undefined });
  const client = clientThatSays(() => ({ Body, ETag: '"e"', ContentLength: 0 }));
  const { error } = await outcome(decryptAtPace({ client, ...place, keys }, QUICK));
  expect([error?.code, Body.destroyed]).toEqual(['ERR_SEALPIPE_TRUNCATED', true]);
});

it('lets an answer go that it refuses', async () => {
  const Body = new Readable({ read: () => undefined });
  expect(await errorOf((sealed) => ({ ...good(sealed), Body, ETag: undefined }))).toMatchObject({
    code: 'ERR_SEALPIPE_STORE',
  });
  expect(Body.destroyed).toBe(true);
});

it('lets a body go that is no stream', async () => {
  let isCancelled = false;
  const Body = {
    cancel: () => {
      isCancelled = true;
    },
  };
  expect(await errorOf((sealed) => ({ ...good(sealed), Body }))).toMatchObject({
    code: 'ERR_SEALPIPE_STORE',
  });
  expect(isCancelled).toBe(true);
});

it('reads no byte more than were promised', async () => {
  const body = Buffer.concat([Buffer.alloc(100, 1), Buffer.alloc(5_000, 2)]);
  const client = clientThatSays(() => ({ ...good(body.subarray(0, 100)), Body: Readable.from([body]) }));
  const source = new ObjectSource(client, place, { pace: QUICK });
  expect(await source.read(0, 100, never)).toEqual(Buffer.alloc(100, 1));
});

it.each<[string, object]>([
  ['a page that goes on without saying where', { IsTruncated: true }],
  ['a page that goes on where it began', { IsTruncated: true, NextContinuationToken: 'x' }],
  ['an object without a key', { Contents: [{ Size: 1 }] }],
  ['a key that is encoded otherwise', { EncodingType: 'url', Contents: [{ Key: '%zz', Size: 1 }] }],
])('ends a listing with %s', async (_, page) => {
  const list = listAtPace({ client: clientThatSays(() => page), bucket: 'bbb' }, QUICK);
  const iterator = list[Symbol.asyncIterator]();
  await expect(iterator.next()).rejects.toMatchObject({ code: 'ERR_SEALPIPE_STORE' });
});
