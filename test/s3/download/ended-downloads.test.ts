import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { EventEmitter, once } from 'node:events';
import { Readable } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { encrypt } from '../../../src/index.js';
import type { S3ClientLike } from '../../../src/s3/client-like.js';
import { decryptAtPace } from '../../../src/s3/download/decrypt-object.js';
import { outcome, timeToClose } from '../../support/outcome.js';
import { keys } from '../../support/test-keys.js';
import { F, placeOf, plaintextOf, QUICK } from '../support/sealed-objects.js';

const place = { bucket: 'bbb', key: 'k' };
const plaintext = plaintextOf(9 * F + 5);
const sealed = await encrypt(plaintext, {
  keys,
  frameSize: F,
  encryptionContext: placeOf(place.bucket, place.key),
});

/** A client that answers each request with the whole object. */
function clientThatGives(Body: () => unknown): S3ClientLike {
  const ContentRange = `bytes 0-${sealed.length - 1}/${sealed.length}`;
  return {
    config: { region: () => 'nowhere' },
    send: async () => ({ Body: Body(), ETag: '"e"', ContentRange }),
  };
}

const open = (client: S3ClientLike) => decryptAtPace({ client, ...place, keys }, QUICK);

/** The messages of `sealpipe:stream` during this test. */
function messagesOfStreams(): string[] {
  const messages: string[] = [];
  const note = (message: unknown): void => {
    const { direction, event } = message as { direction: string; event: string };
    messages.push(`${direction} ${event}`);
  };
  subscribe('sealpipe:stream', note);
  onTestFinished(() => void unsubscribe('sealpipe:stream', note));
  return messages;
}

it('a whole object is reported as a stream that has ended', async () => {
  const messages = messagesOfStreams();
  await outcome(open(clientThatGives(() => Readable.from([sealed]))));
  expect(messages).toEqual(['decrypt start', 'decrypt end']);
});

it('a stream that is destroyed is reported, and the response is destroyed with it', async () => {
  const messages = messagesOfStreams();
  const body = new Readable({ read: () => undefined });
  body.push(sealed.subarray(0, -F));
  const stream = open(clientThatGives(() => body));
  stream.on('error', () => undefined).resume();
  await once(stream, 'header');
  stream.destroy(new Error('enough'));
  await timeToClose(stream);
  expect([body.destroyed, messages]).toEqual([true, ['decrypt start', 'decrypt error']]);
});

it('the memory of a chunk may be used again once the chunk was emitted', async () => {
  const Body = Object.assign(new EventEmitter(), {
    pause: () => undefined,
    resume: () => undefined,
    destroy: () => undefined,
  });
  const stream = open(
    clientThatGives(() => {
      setImmediate(() => {
        const chunk = Buffer.from(sealed);
        Body.emit('data', chunk);
        chunk.fill(0);
        Body.emit('close');
      });
      return Body;
    }),
  );
  const { bytes, error } = await outcome(stream);
  expect([error, bytes.equals(plaintext)]).toEqual([undefined, true]);
});
