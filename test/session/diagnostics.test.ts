import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel';
import { pipeline } from 'node:stream/promises';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { engines } from '../../src/crypto/engines.js';
import type { KeyProvider } from '../../src/keys/provider.js';
import { rawKey } from '../../src/keys/raw.js';
import type { KeyMessage, StreamMessage } from '../../src/session/diagnostics.js';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';

const keys = rawKey({ name: 'watched', key: Buffer.alloc(32, 5) });
const encryptionContext = { patient: 'secret-value-4711' };

describe('sealpipe:stream', () => {
  let messages: StreamMessage[];
  const listen = (message: unknown) => messages.push(message as StreamMessage);

  beforeEach(() => {
    messages = [];
    subscribe('sealpipe:stream', listen);
  });
  afterEach(() => {
    unsubscribe('sealpipe:stream', listen);
  });
  const events = () => messages.map(({ event, direction }) => `${direction} ${event}`);

  test('tells the start and the end of both directions, with sizes, suite, engine and key', async () => {
    const sealed: Buffer[] = [];
    const seal = createEncryptStream({ keys, encryptionContext, engine: 'node' });
    await pipeline([Buffer.alloc(100_000)], seal, async (source) => {
      for await (const chunk of source) sealed.push(chunk);
    });
    const open = createDecryptStream({ keys, engine: 'node' });
    open.end(Buffer.concat(sealed));
    await open.toArray();
    expect(events()).toEqual(['encrypt start', 'encrypt end', 'decrypt start', 'decrypt end']);
    const size = Buffer.concat(sealed).length;
    const known = {
      suite: 'AES-256-GCM',
      engine: 'node',
      layout: 'fixed',
      frameSize: 65_536,
      keyProvider: 'raw',
      key: 'watched',
      frames: 2,
    };
    expect(messages[1]).toEqual({
      ...known,
      event: 'end',
      direction: 'encrypt',
      bytesIn: 100_000,
      bytesOut: size,
    });
    expect(messages[3]).toEqual({
      ...known,
      event: 'end',
      direction: 'decrypt',
      bytesIn: size,
      bytesOut: 100_000,
    });
  });

  test('tells the same of messages that are sealed and opened at once', async () => {
    const sealed = await encrypt('hello', { keys, encryptionContext });
    await decrypt(sealed, { keys });
    expect(events()).toEqual(['encrypt start', 'encrypt end', 'decrypt start', 'decrypt end']);
    expect(messages[3]).toMatchObject({ bytesIn: sealed.length, bytesOut: 5, frames: 1 });
  });

  test('tells at the start which faster engines do not serve the suite, and why', async () => {
    await encrypt('hello', { keys, suite: 'SM4-GCM' });
    expect(messages[0]).toMatchObject({
      event: 'start',
      engine: 'node',
      passedOver: { native: 'the addon does not serve this suite' },
    });
    await encrypt('hello', { keys, suite: 'AES-256-GCM', engine: 'noble' });
    const { unavailable } = engines().find(({ suite }) => suite === 'AES-256-GCM')!;
    const { noble: _, ...faster } = unavailable;
    expect(messages[2]?.passedOver ?? {}).toEqual(faster);
    expect(messages[1]).not.toHaveProperty('passedOver');
  });

  test('tells an error once, and no end', async () => {
    const sealed = await encrypt('hello', { keys });
    messages = [];
    const stream = createDecryptStream({ keys });
    stream.end(sealed.subarray(0, -1));
    await expect(stream.toArray()).rejects.toThrow();
    await expect(decrypt(sealed.subarray(0, -1), { keys })).rejects.toThrow();
    expect(events()).toEqual(['decrypt start', 'decrypt error', 'decrypt start', 'decrypt error']);
    for (const message of [messages[1], messages[3]]) {
      expect(message?.error).toMatchObject({ code: 'ERR_SEALPIPE_AUTHENTICATION' });
    }
  });

  test('tells an error where a stream is destroyed before its end', async () => {
    const stream = createEncryptStream({ keys });
    stream.destroy();
    await new Promise<void>((resolve) => stream.once('close', resolve));
    expect(events()).toEqual(['encrypt error']);
    expect(messages[0]).not.toHaveProperty('error');
  });

  test('says no value of the encryption context, no key and no plaintext', async () => {
    const sealed = await encrypt('plain-text-4712', { keys, encryptionContext });
    await decrypt(sealed, { keys });
    const said = inspect(messages, { depth: 10, showHidden: true });
    expect(said).toContain('watched');
    for (const secret of ['4711', '4712', '05 05 05']) expect(said).not.toContain(secret);
  });
});

describe('sealpipe:key', () => {
  const channel = tracingChannel<KeyMessage, KeyMessage>('sealpipe:key');
  let seen: [string, KeyMessage][];
  const note = (event: string) => (message: unknown) => seen.push([event, { ...(message as KeyMessage) }]);
  const listeners = {
    start: note('start'),
    end: note('end'),
    asyncStart: note('asyncStart'),
    asyncEnd: note('asyncEnd'),
    error: note('error'),
  };

  beforeEach(() => {
    seen = [];
    channel.subscribe(listeners as never);
  });
  afterEach(() => {
    channel.unsubscribe(listeners as never);
  });

  test('traces generate, wrap and unwrap with the provider, and never the data key', async () => {
    const other = rawKey({ name: 'other', key: Buffer.alloc(32, 6) });
    const dataKeys: Buffer[] = [];
    const spying: KeyProvider = {
      id: keys.id,
      matches: (recipient) => keys.matches(recipient),
      wrap: (dataKey, request) => keys.wrap(dataKey, request),
      unwrap: (recipient, request) => keys.unwrap(recipient, request),
      async generate(request) {
        const generated = await keys.generate(request);
        dataKeys.push(Buffer.from(generated.dataKey));
        return generated;
      },
    };
    await decrypt(await encrypt('x', { keys: [spying, other] }), { keys });
    const calls = seen.filter(([event]) => event === 'asyncEnd').map(([, message]) => message);
    expect(calls.map(({ operation, provider }) => `${operation} ${provider}`)).toEqual([
      'generate raw:watched',
      'wrap raw:other',
      'unwrap raw:watched',
    ]);
    for (const [, message] of seen) expect((message as { result?: unknown }).result).toBeUndefined();
    const firstBytes = [...dataKeys[0]!.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0'));
    expect(inspect(seen, { depth: 10, showHidden: true })).not.toContain(firstBytes.join(' '));
  });

  test('traces a failure', async () => {
    const broken: KeyProvider = {
      id: 'broken',
      matches: () => true,
      wrap: () => Promise.reject(new Error('no')),
      unwrap: () => Promise.reject(new Error('no')),
      generate: () => Promise.reject(new Error('no')),
    };
    await expect(encrypt('x', { keys: broken })).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
    });
    const failure = seen.find(([event]) => event === 'error');
    expect(failure?.[1]).toMatchObject({ operation: 'generate', provider: 'broken' });
  });
});
