import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { cachedKeys } from '../../../src/keys/cache/cached.js';
import { kms } from '../../../src/keys/kms/index.js';
import type { KeyAttempts } from '../../../src/keys/provider.js';
import { decrypt, encrypt } from '../../../src/session/one-shot.js';
import { keyRequest } from '../../conformance/key-request.js';
import { expectQuietProcess, turns } from '../../support/quiet-process.js';
import { keys as base } from '../../support/test-keys.js';
import { fakeClients, NEVER } from '../kms/fake-clients.js';
import { gated } from './gated-provider.js';

expectQuietProcess();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const LIMITS = { maxAge: 60_000, maxStreams: 1_000, maxBytes: 2 ** 40 };
const TIMEOUT = 2_000;

describe('streams that ask for the same data key with other recipients beside it', () => {
  const make = async () => {
    const clients = fakeClients();
    const { client } = clients;
    const [near, far] = ['eu-west-1', 'us-east-2'].map((region) =>
      kms({ keyId: clients.kms.createKey({ region }), client }),
    );
    const request = keyRequest();
    const { dataKey, recipient } = await near!.generate(request);
    const second = await far!.wrap(dataKey, request);
    const opener = kms({ discovery: { accounts: ['111122223333'] }, client, timeout: TIMEOUT });
    const keys = cachedKeys(opener, LIMITS);
    clients.asked.splice(0);
    const ask = (which: typeof recipient, attempts: KeyAttempts) =>
      keys.unwrap(which, { ...keyRequest(), attempts }).then(
        () => 'opened',
        (error: { code: string }) => error.code,
      );
    return { clients, keys, recipient, second, ask };
  };

  test('one recipient is given all its time beside a stream of 32', async () => {
    const { clients, ask, recipient } = await make();
    clients.before = () => new Promise((resolve) => setTimeout(resolve, 200));
    const many = ask(recipient, { since: performance.now(), left: 32 });
    const one = ask(recipient, { since: performance.now(), left: 1 });
    await vi.advanceTimersByTimeAsync(200);
    expect(await many).toBe('ERR_SEALPIPE_TIMEOUT');
    expect(await one).toBe('opened');
    expect(clients.asked).toHaveLength(2);
  });

  test('two recipients have time for the second beside a stream of one', async () => {
    const { clients, ask, recipient, second } = await make();
    clients.before = (_, region) => region === 'eu-west-1' && NEVER;
    const since = performance.now();
    const one = ask(recipient, { since, left: 1 });
    const first = ask(recipient, { since, left: 2 });
    await vi.advanceTimersByTimeAsync(TIMEOUT / 2);
    expect(await first).toBe('ERR_SEALPIPE_TIMEOUT');
    expect(await ask(second, { since, left: 1 })).toBe('opened');
    await vi.advanceTimersByTimeAsync(TIMEOUT / 2);
    expect(await one).toBe('ERR_SEALPIPE_TIMEOUT');
  });

  test('a late one does not end with the timeout of an early one', async () => {
    const { clients, ask, recipient } = await make();
    clients.before = () => (clients.asked.length === 1 ? NEVER : undefined);
    const early = ask(recipient, { since: performance.now(), left: 1 });
    await vi.advanceTimersByTimeAsync(TIMEOUT - 10);
    expect(await ask(recipient, { since: performance.now(), left: 1 })).toBe('opened');
    await vi.advanceTimersByTimeAsync(10);
    expect(await early).toBe('ERR_SEALPIPE_TIMEOUT');
  });

  test.each([
    ['as many left at the same time', { since: 0, left: 2 }, 0, 1],
    ['as many left within 100 ms', { since: 100, left: 2 }, 100, 1],
    ['as many left that began before', { since: -100, left: 2 }, 0, 1],
    ['more left', { since: 0, left: 3 }, 0, 2],
    ['fewer left', { since: 0, left: 1 }, 0, 2],
    ['as many left that began too late', { since: 101, left: 2 }, 101, 2],
    ['as many left that began too early', { since: -101, left: 2 }, 0, 2],
    ['as many left that asks too late', { since: 0, left: 2 }, 101, 2],
    ['no attempts', undefined, 0, 2],
  ])('one with %s makes what it should', async (_, { since, left } = { since: 0, left: 0 }, later, calls) => {
    const { provider, requests, open } = gated(base);
    const keys = cachedKeys(provider, LIMITS);
    const { recipient } = await base.generate(keyRequest());
    const start = performance.now();
    const asked = [keys.unwrap(recipient, { ...keyRequest(), attempts: { since: start, left: 2 } })];
    vi.advanceTimersByTime(later);
    const attempts = left === 0 ? {} : { attempts: { since: start + since, left } };
    asked.push(keys.unwrap(recipient, { ...keyRequest(), ...attempts }));
    await turns();
    expect(requests).toHaveLength(calls);
    open();
    await Promise.all(asked);
    expect(keys.misses).toBe(calls);
  });

  test('those alike go on sharing while others come between', async () => {
    const { provider, requests, open } = gated(base);
    const keys = cachedKeys(provider, LIMITS);
    const { recipient } = await base.generate(keyRequest());
    const since = performance.now();
    const asked = Array.from({ length: 12 }, (_, i) =>
      keys.unwrap(recipient, { ...keyRequest(), attempts: { since, left: 1 + (i % 2) } }),
    );
    await turns();
    expect(requests.map(({ attempts }) => attempts?.left)).toEqual([1, 2]);
    open();
    await Promise.all(asked);
  });

  test('without attempts share for as long as the call lasts, as those that seal', async () => {
    const { provider, requests, open } = gated(base);
    const keys = cachedKeys(provider, LIMITS);
    const sealed = [encrypt('x', { keys })];
    await turns();
    vi.advanceTimersByTime(5_000);
    sealed.push(encrypt('x', { keys }));
    await turns();
    expect(requests).toHaveLength(1);
    open();
    for (const one of sealed) expect(String(await decrypt(await one, { keys: base }))).toBe('x');
  });
});
