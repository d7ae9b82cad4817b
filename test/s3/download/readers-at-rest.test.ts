import { once } from 'node:events';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import type { S3ClientLike } from '../../../src/s3/client-like.js';
import { decryptAtPace } from '../../../src/s3/download/decrypt-object.js';
import { eventually } from '../../support/eventually.js';
import { outcome } from '../../support/outcome.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import { keys } from '../../support/test-keys.js';
import { plaintextOf, putSealed, QUICK } from '../support/sealed-objects.js';

const here = fakeForTests();
const place = { key: 'k.sealed', keys };
const bucket = () => here.fake.world.bucket(here.bucket);

it('replaces a connection that the store ends while nobody reads, once bytes are wanted again', async () => {
  const large = plaintextOf(2_000_000);
  const sealed = await putSealed(bucket(), place.key, large);
  const bodies: Readable[] = [];
  const send = async ({ input }: { input: { Range: string } }) => {
    let at = Number.parseInt(input.Range.slice('bytes='.length), 10);
    const answer = {
      ETag: '"e"',
      ContentRange: `bytes ${at}-${sealed.length - 1}/${sealed.length}`,
      ContentLength: sealed.length - at,
    };
    const Body = new Readable({
      read() {
        this.push(at < sealed.length ? sealed.subarray(at, (at += 16_000)) : null);
      },
    });
    bodies.push(Body);
    return { ...answer, Body };
  };
  const client = { config: { region: () => 'nowhere' }, send } as unknown as S3ClientLike;
  const stream = decryptAtPace({ ...place, bucket: here.bucket, client }, QUICK);
  stream.read(0);
  const given: Buffer[] = [];
  for (let round = 1; round <= 8; round++) {
    await eventually(() => {
      const isFull = stream.readableLength >= stream.readableHighWaterMark;
      expect([bodies.length, isFull && bodies.at(-1)!.isPaused()]).toEqual([round, true]);
    });
    bodies.at(-1)!.destroy(new Error('reset'));
    await new Promise((resolve) => setTimeout(resolve, 5 * QUICK.longestPause));
    expect(bodies.length).toBe(round);
    given.push(stream.read());
  }
  const { bytes, error } = await outcome(stream);
  expect([error, Buffer.concat([...given, bytes]).equals(large)]).toEqual([undefined, true]);
});

it('ends while it waits for a reader after its connection has ended', async () => {
  const sealed = await putSealed(bucket(), place.key, plaintextOf(2_000_000));
  here.fake.fault('GetObject', { kind: 'cut answer', after: sealed.length - 1 });
  const stream = decryptAtPace({ ...place, bucket: here.bucket, client: here.client }, QUICK);
  await once(stream, 'header');
  stream.destroy();
  await once(stream, 'close');
  expect(here.fake.seen.of('GetObject').length).toBe(1);
});
