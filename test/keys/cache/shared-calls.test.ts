import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { SealpipeError } from '../../../src/errors.js';
import type { CachedKeysOptions } from '../../../src/keys/cache/cached.js';
import { cachedKeys } from '../../../src/keys/cache/cached.js';
import { decrypt, encrypt } from '../../../src/session/one-shot.js';
import { createEncryptStream } from '../../../src/streams/encrypt-stream.js';
import { keyRequest } from '../../conformance/key-request.js';
import { altered } from '../../support/altered-provider.js';
import { hanging } from '../../support/hanging-provider.js';
import { expectQuietProcess, turns } from '../../support/quiet-process.js';
import { keys as base } from '../../support/test-keys.js';
import { counting } from './counting-provider.js';
import { gated } from './gated-provider.js';
import { stopClock } from './still-clock.js';

expectQuietProcess();
stopClock();

const wide: CachedKeysOptions = { maxAge: 60_000, maxStreams: 1_000, maxBytes: 2 ** 40 };
const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

describe('streams that ask at the same time', () => {
  test.each([
    [100, 1_000, 1],
    [100, 100, 1],
    [100, 99, 2],
    [100, 10, 10],
    [100, 1, 100],
  ])(
    '%i of them with maxStreams %i make %i calls, all under way at once',
    async (streams, maxStreams, calls) => {
      const { provider, requests, open } = gated();
      const keys = cachedKeys(provider, { ...wide, maxStreams });
      const sealed = times(streams, (i) => encrypt(`message ${i}`, { keys }));
      await turns();
      expect(requests).toHaveLength(calls);
      open();
      const opened = (await Promise.all(sealed)).map((bytes) => decrypt(bytes, { keys: provider }));
      expect((await Promise.all(opened)).map(String)).toEqual(times(streams, (i) => `message ${i}`));
      expect(keys.misses).toBe(calls);
      expect(keys.hits).toBe(streams - calls);
    },
  );

  test('for opening share calls in the same way', async () => {
    const { provider, requests, open } = gated(base);
    const sealed = await encrypt('x', { keys: base });
    const keys = cachedKeys(provider, { ...wide, maxStreams: 3 });
    const opened = times(7, () => decrypt(sealed, { keys }));
    await turns();
    expect(requests).toHaveLength(3);
    open();
    expect((await Promise.all(opened)).map(String)).toEqual(Array(7).fill('x'));
  });

  test('share a call only while their bytes are within maxBytes', async () => {
    const { provider, requests, open } = gated();
    const keys = cachedKeys(provider, { ...wide, maxBytes: 100 });
    const sealed = times(6, () => encrypt(Buffer.alloc(40), { keys }));
    await turns();
    expect(requests, 'three streams reach 100 bytes').toHaveLength(2);
    open();
    await Promise.all(sealed);
    await encrypt('', { keys });
    expect(keys.misses).toBe(3);
  });

  test('leave no key behind that is used up: the next stream makes a call', async () => {
    const { provider, calls } = counting();
    const keys = cachedKeys(provider, { ...wide, maxStreams: 2 });
    await Promise.all(times(4, () => encrypt('x', { keys })));
    expect(calls.generate).toBe(2);
    await Promise.all(times(2, () => encrypt('x', { keys })));
    expect(calls.generate).toBe(3);
  });

  test('put one listener on a signal that they have in common, and none stays', async () => {
    const { provider, open } = gated();
    const keys = cachedKeys(provider, { ...wide, maxStreams: 1 });
    const { signal } = new AbortController();
    const asked = times(50, () => keys.generate(keyRequest({ signal })));
    const sealed = times(50, () => encrypt('x', { keys, signal }));
    await turns();
    expect(getEventListeners(signal, 'abort').length).toBe(1);
    open();
    await Promise.all([...asked, ...sealed]);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('are all told of the abort of a signal that they have in common', async () => {
    const { provider, requests } = gated();
    const keys = cachedKeys(provider, { ...wide, maxStreams: 3 });
    const controller = new AbortController();
    const asked = times(9, () => keys.generate(keyRequest({ signal: controller.signal })));
    controller.abort('enough');
    for (const one of asked) await expect(one).rejects.toMatchObject({ code: 'ABORT_ERR', cause: 'enough' });
    expect(requests.map(({ signal }) => signal.aborted)).toEqual([true, true, true]);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  test('are counted in the usage that the provider is told, as one', async () => {
    const { provider, requests, open } = gated();
    const keys = cachedKeys(provider, wide);
    const sealed = times(3, () => encrypt(Buffer.alloc(10), { keys }));
    const running = createEncryptStream({ keys });
    running.resume();
    open();
    await Promise.all(sealed);
    await new Promise((resolve) => running.write(Buffer.alloc(5), resolve));
    expect(requests[0]?.usage).toMatchObject({ plaintextBytes: 35, ended: false });
    keys.close();
    expect(requests[0]?.usage).toMatchObject({ plaintextBytes: 35, ended: false });
    running.destroy();
    await turns();
    expect(requests[0]?.usage).toMatchObject({ plaintextBytes: 35, ended: true });
  });
});

describe('a shared call', () => {
  test('shares its failure, which is not remembered', async () => {
    const { provider, requests, fail } = gated();
    const keys = cachedKeys(provider, wide);
    const down = new SealpipeError('ERR_SEALPIPE_KEY_UNAVAILABLE', 'down', { retryable: true });
    const sealed = times(5, () => encrypt('x', { keys }));
    fail(down);
    for (const one of sealed) await expect(one).rejects.toBe(down);
    expect(requests).toHaveLength(1);
    await expect(encrypt('x', { keys })).rejects.toBe(down);
    expect(requests).toHaveLength(2);
  });

  test('goes on when one of its streams is aborted, which settles at once', async () => {
    const { provider, requests, open } = gated();
    const keys = cachedKeys(provider, wide);
    const [first, second] = [new AbortController(), new AbortController()];
    const aborted = keys.generate(keyRequest({ signal: first.signal }));
    const served = encrypt('y', { keys, signal: second.signal });
    await turns();
    first.abort(new Error('enough'));
    await expect(aborted).rejects.toMatchObject({ code: 'ABORT_ERR', cause: { message: 'enough' } });
    expect(requests.map(({ signal }) => signal.aborted)).toEqual([false]);
    open();
    expect(String(await decrypt(await served, { keys }))).toBe('y');
    expect([keys.misses, keys.hits]).toEqual([2, 1]);
  });

  test('gives the place of an aborted stream to a later one', async () => {
    const { provider, requests, open } = gated();
    const keys = cachedKeys(provider, { ...wide, maxStreams: 2 });
    const controller = new AbortController();
    const aborted = encrypt(Buffer.alloc(1), { keys, signal: controller.signal });
    const others = [encrypt('a', { keys })];
    await turns();
    controller.abort();
    await expect(aborted).rejects.toMatchObject({ code: 'ABORT_ERR' });
    others.push(encrypt('b', { keys }));
    await turns();
    expect(requests).toHaveLength(1);
    open();
    await Promise.all(others);
    await encrypt('c', { keys });
    expect(requests).toHaveLength(2);
  });

  test('is aborted when nobody waits any more; the next stream makes a call of its own', async () => {
    const { provider, asked, answer } = hanging(base, 'generate');
    const requests: AbortSignal[] = [];
    const keys = cachedKeys(
      altered(provider, {
        generate: (request: Parameters<typeof provider.generate>[0]) => {
          requests.push(request.signal);
          return provider.generate(request);
        },
      }),
      wide,
    );
    const controllers = [new AbortController(), new AbortController()];
    const waiting = controllers.map(({ signal }) => encrypt('x', { keys, signal }));
    await asked;
    controllers[0]!.abort();
    expect(requests.map(({ aborted }) => aborted)).toEqual([false]);
    controllers[1]!.abort('last');
    expect(requests).toMatchObject([{ aborted: true, reason: { name: 'AbortError', cause: 'last' } }]);
    for (const one of waiting) await expect(one).rejects.toMatchObject({ code: 'ABORT_ERR' });
    const next = encrypt('x', { keys });
    await turns();
    expect(requests).toHaveLength(2);
    answer();
    await next;
  });

  test('whose provider throws before it returns a promise fails as without the cache', async () => {
    const mine = new Error('mine');
    const keys = cachedKeys(
      altered(base, {
        generate: () => {
          throw mine;
        },
      }),
      wide,
    );
    await expect(encrypt('x', { keys })).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
      cause: mine,
    });
  });
});
