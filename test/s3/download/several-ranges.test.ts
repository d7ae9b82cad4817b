import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { encrypt } from '../../../src/index.js';
import type { S3ClientLike } from '../../../src/s3/client-like.js';
import { decryptAtPace } from '../../../src/s3/download/decrypt-object.js';
import { MOST_RANGES } from '../../../src/s3/download/parallel-feed.js';
import { eventually } from '../../support/eventually.js';
import { outcome } from '../../support/outcome.js';
import { expectQuietProcess } from '../../support/quiet-process.js';
import { keys } from '../../support/test-keys.js';
import { placeOf, QUICK } from '../support/sealed-objects.js';

expectQuietProcess();

const place = { bucket: 'bbb', key: 'k' };
const plaintext = Buffer.alloc(7 * 2 ** 20, 3);
const sealed = await encrypt(plaintext, { keys, encryptionContext: placeOf(place.bucket, place.key) });

interface Asked {
  readonly start: number;
  readonly body: Readable;
  /** Sends the bytes. */
  give(): void;
}

/** An object in ranges of 1 MiB, whose first one comes at once and whose others come when the test says so. */
function download() {
  const asked: Asked[] = [];
  const send = async ({ input }: { input: { Range: string } }) => {
    const [start = 0, last = 0] = (input.Range.match(/\d+/g) ?? []).map(Number);
    const end = Math.min(last + 1, sealed.length);
    const body = new Readable({ read: () => undefined });
    const give = () => {
      body.push(sealed.subarray(start, end));
      body.push(null);
    };
    const answer = { Body: body, ETag: '"e"', ContentRange: `bytes ${start}-${end - 1}/${sealed.length}` };
    if (start === 0) give();
    else asked.push({ start, body, give });
    return answer;
  };
  const client = { config: { region: () => 'nowhere' }, send } as unknown as S3ClientLike;
  return { asked, stream: decryptAtPace({ client, ...place, keys, concurrency: MOST_RANGES }, QUICK) };
}

it('each range may break as often as one connection', async () => {
  const { asked, stream } = download();
  const over = outcome(stream);
  await eventually(() => expect(asked).toHaveLength(7));
  // From the last to the first, so that no break comes after progress.
  for (const { body } of [...asked].reverse()) {
    const before = asked.length;
    body.destroy(new Error('reset'));
    await eventually(() => expect(asked).toHaveLength(before + 1));
  }
  for (const { give } of asked.slice(7)) give();
  const { bytes, error } = await over;
  expect([error, bytes.equals(plaintext)]).toEqual([undefined, true]);
});

it('a range that fails before its turn fails the stream in its turn', async () => {
  const { asked, stream } = download();
  const over = outcome(stream);
  await eventually(() => expect(asked).toHaveLength(7));
  for (let tries = 0; tries <= 5; tries++) {
    const last = asked.filter(({ start }) => start === asked[6]!.start);
    expect(last).toHaveLength(tries + 1);
    last.at(-1)!.body.destroy(new Error('reset'));
    const wanted = tries < 5 ? 8 + tries : 12;
    await eventually(() => expect(asked).toHaveLength(wanted));
  }
  await new Promise((resolve) => setTimeout(resolve, 20));
  for (const { give } of asked.slice(0, 6)) give();
  const { bytes, error } = await over;
  expect(error?.code).toBe('ERR_SEALPIPE_STORE');
  expect(bytes.equals(plaintext.subarray(0, bytes.length)) && bytes.length > 6 * 2 ** 20).toBe(true);
});
