import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CachedKeysOptions } from '../../../src/keys/cache/cached.js';
import { cachedKeys } from '../../../src/keys/cache/cached.js';
import { rawKey } from '../../../src/keys/raw.js';
import { decrypt, encrypt } from '../../../src/session/one-shot.js';
import { createDecryptStream } from '../../../src/streams/decrypt-stream.js';
import { createEncryptStream } from '../../../src/streams/encrypt-stream.js';
import { readHeader } from '../../../src/streams/read-header.js';
import { describeKeyProvider } from '../../conformance/key-provider.js';
import { keyRequest } from '../../conformance/key-request.js';
import { counting } from './counting-provider.js';
import { stopClock } from './still-clock.js';

const wide: CachedKeysOptions = { maxAge: 60_000, maxStreams: 1_000, maxBytes: 2 ** 40 };

describeKeyProvider('cachedKeys over rawKey', {
  reuses: true,
  make: async () => ({
    provider: cachedKeys(rawKey({ name: 'backup', key: Buffer.alloc(32, 1) }), wide),
    other: rawKey({ name: 'archive', key: Buffer.alloc(32, 2) }),
  }),
});

describe('cachedKeys reuses one data key', () => {
  stopClock();

  test('for streams of one context, each with a salt and a commitment of its own', async () => {
    const { provider, calls } = counting();
    const keys = cachedKeys(provider, wide);
    const sealed = await Promise.all(
      ['one', 'two', 'three'].map((text) => encrypt(text, { keys, encryptionContext: { a: '1' } })),
    );
    expect(calls.generate).toBe(1);
    expect([keys.misses, keys.hits]).toEqual([1, 2]);
    const headers = await Promise.all(sealed.map((bytes) => readHeader(bytes)));
    expect(new Set(headers.map(({ salt }) => Buffer.from(salt).toString('hex'))).size).toBe(3);
    expect(new Set(headers.map(({ commitment }) => Buffer.from(commitment).toString('hex'))).size).toBe(3);
    const opened = await Promise.all(sealed.map((bytes) => decrypt(bytes, { keys })));
    expect(opened.map(String)).toEqual(['one', 'two', 'three']);
    expect(calls.unwrap).toBe(1);
  });

  test('but never under another context', async () => {
    const { provider, calls } = counting();
    const keys = cachedKeys(provider, wide);
    await encrypt('x', { keys, encryptionContext: { a: 'bc' } });
    await encrypt('x', { keys, encryptionContext: { ab: 'c' } });
    await encrypt('x', { keys });
    expect(calls.generate).toBe(3);
  });

  test('but never for a suite whose key has another length', async () => {
    const { provider, calls } = counting();
    const keys = cachedKeys(provider, wide);
    await encrypt('x', { keys });
    await encrypt('x', { keys, suite: 'AES-128-GCM' });
    expect(calls.generate).toBe(2);
  });

  test('and a withheld context that is wrong is not opened by what the cache remembers', async () => {
    const { provider } = counting();
    const keys = cachedKeys(provider, wide);
    const sealed = await encrypt('x', { keys, encryptionContext: { a: '1' }, withholdContext: true });
    expect(String(await decrypt(sealed, { keys, encryptionContext: { a: '1' } }))).toBe('x');
    await expect(decrypt(sealed, { keys, encryptionContext: { a: '2' } })).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_AUTHENTICATION',
    });
  });
});

describe('cachedKeys makes a new key', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('after maxStreams streams, and not before', async () => {
    const { provider, calls } = counting();
    const keys = cachedKeys(provider, { ...wide, maxStreams: 2 });
    for (const expected of [1, 1, 2, 2, 3]) {
      await encrypt('x', { keys });
      expect(calls.generate).toBe(expected);
    }
  });

  test('at the first stream that begins after maxAge, also for opening', async () => {
    const { provider, calls } = counting();
    const keys = cachedKeys(provider, { ...wide, maxAge: 1_000 });
    const sealed = await encrypt('x', { keys });
    await decrypt(sealed, { keys });
    vi.advanceTimersByTime(999);
    await encrypt('x', { keys });
    await decrypt(sealed, { keys });
    expect(calls).toEqual({ generate: 1, unwrap: 1 });
    vi.advanceTimersByTime(1);
    await encrypt('x', { keys });
    await decrypt(sealed, { keys });
    expect(calls).toEqual({ generate: 2, unwrap: 2 });
  });

  test('at the first stream that begins after maxBytes were sealed, streams that still run counted in', async () => {
    const { provider, calls } = counting();
    const keys = cachedKeys(provider, { ...wide, maxBytes: 100 });
    const running = createEncryptStream({ keys });
    running.resume();
    await new Promise((resolve) => running.write(Buffer.alloc(99), resolve));
    await encrypt('', { keys });
    expect(calls.generate).toBe(1);
    await new Promise((resolve) => running.write(Buffer.alloc(1), resolve));
    await encrypt('', { keys });
    expect(calls.generate).toBe(2);
    running.destroy();
  });

  test('of a stream that ended the bytes stay counted', async () => {
    const { provider, calls } = counting();
    const keys = cachedKeys(provider, { ...wide, maxBytes: 100 });
    await encrypt(Buffer.alloc(60), { keys });
    await encrypt(Buffer.alloc(60), { keys });
    expect(calls.generate).toBe(1);
    await encrypt(Buffer.alloc(1), { keys });
    expect(calls.generate).toBe(2);
  });

  test('where a newer one pushed it out', async () => {
    const { provider, calls } = counting();
    const keys = cachedKeys(provider, { ...wide, maxEntries: 2 });
    for (const tenant of ['a', 'b', 'c', 'b', 'c'])
      await encrypt('x', { keys, encryptionContext: { tenant } });
    expect(calls.generate).toBe(3);
    await encrypt('x', { keys, encryptionContext: { tenant: 'a' } });
    expect(calls.generate).toBe(4);
  });
});

describe('a data key', () => {
  test('is wiped where the provider left it', async () => {
    const { provider, given } = counting();
    const keys = cachedKeys(provider, wide);
    const sealed = await encrypt('x', { keys });
    await decrypt(sealed, { keys });
    expect(given.map((dataKey) => dataKey.every((byte) => byte === 0))).toEqual([true, true]);
  });

  test('is given as a copy that the caller may wipe', async () => {
    const { provider } = counting();
    const keys = cachedKeys(provider, wide);
    const first = await keys.generate(keyRequest());
    const before = Buffer.from(first.dataKey);
    first.dataKey.fill(0);
    const second = await keys.generate(keyRequest());
    expect(Buffer.from(second.dataKey).equals(before)).toBe(true);
  });
});

test.each([
  ['maxAge', 0],
  ['maxAge', Number.NaN],
  ['maxAge', '1'],
  ['maxStreams', 0.5],
  ['maxBytes', undefined],
  ['maxEntries', -1],
  ['maxEntries', Number.POSITIVE_INFINITY],
] as const)('cachedKeys refuses %s = %s', (name, value) => {
  const make = () =>
    cachedKeys(rawKey({ name: 'k', key: randomBytes(32) }), { ...wide, [name]: value } as never);
  expect(make).toThrow(
    expect.objectContaining({ code: 'ERR_SEALPIPE_OPTIONS', message: expect.stringContaining(name) }),
  );
});

test.each([[{}], [undefined], [{ generate: () => undefined }]])(
  'cachedKeys refuses %j for a provider',
  (no) => {
    expect(() => cachedKeys(no as never, wide)).toThrow(
      expect.objectContaining({ name: 'TypeError', code: 'ERR_SEALPIPE_OPTIONS' }),
    );
  },
);

test('cachedKeys has the provider re-wrap, for the provider behind another cache', async () => {
  const [from, to] = [counting().provider, counting().provider];
  const recipient = await to.wrap(randomBytes(32), keyRequest());
  const asked: unknown[] = [];
  const rewrap = async (...args: unknown[]) => {
    asked.push(...args);
    return recipient;
  };
  const request = keyRequest();
  const keys = cachedKeys({ ...from, rewrap }, wide);
  expect(await keys.rewrap?.(recipient, cachedKeys(to, wide), request)).toBe(recipient);
  expect(asked).toEqual([recipient, to, request]);
  expect(await cachedKeys(from, wide).rewrap?.(recipient, to, request)).toBeUndefined();
});

test('a stream that is opened by the cache reports no hit for a stream that fails before its key call', async () => {
  const keys = cachedKeys(counting().provider, wide);
  const stream = createDecryptStream({ keys });
  stream.end('not sealed');
  await expect(stream.toArray()).rejects.toMatchObject({ code: 'ERR_SEALPIPE_FORMAT' });
  expect([keys.hits, keys.misses]).toEqual([0, 0]);
});
