import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { timeLimit } from '../../../src/keys/kms/calls/deadline.js';
import { kms } from '../../../src/keys/kms/index.js';
import { decrypt, encrypt } from '../../../src/session/one-shot.js';
import type { FakeClients } from './fake-clients.js';
import { fakeClients, NEVER } from './fake-clients.js';
import { FakeRefusal } from './fake-kms.js';
import { rejection } from './service-for-tests.js';

const REGIONS = ['eu-west-1', 'us-east-2', 'ap-southeast-2'] as const;
const ACCOUNT = '111122223333';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a stream with a key in each of several regions', () => {
  /** Seals under a key of each region; `before` runs before each call to open. */
  const make = async (before: FakeClients['before'], waitForNewKey = 0) => {
    const clients = fakeClients();
    const { client } = clients;
    const keys = REGIONS.map((region) => kms({ keyId: clients.kms.createKey({ region }), client }));
    const sealed = await encrypt('hello', { keys });
    clients.asked.splice(0);
    clients.before = before;
    const opener = kms({ discovery: { accounts: [ACCOUNT] }, client, timeout: 9_000, waitForNewKey });
    return { clients, sealed, opener };
  };
  const refuse = (name: string): never => {
    throw new FakeRefusal(name);
  };

  it('is opened by one call for each recipient at most, in their order', async () => {
    const { clients, sealed, opener } = await make(
      (_, region) => region !== REGIONS[2] && refuse('DisabledException'),
    );
    expect(String(await decrypt(sealed, { keys: opener }))).toBe('hello');
    expect(clients.asked).toEqual(REGIONS);
  });

  it('fails after one timeout, and not after one for each, where none of them answers', async () => {
    const { clients, sealed, opener } = await make(() => NEVER);
    const failed = rejection(decrypt(sealed, { keys: opener }));
    for (const count of [1, 2, 3]) {
      await vi.advanceTimersByTimeAsync(2_990);
      expect(clients.asked).toHaveLength(count);
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(await failed).toMatchObject({
      code: 'ERR_SEALPIPE_TIMEOUT',
      retryable: true,
      message: expect.stringContaining(`:kms:${REGIONS[0]}:`),
    });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is opened within the timeout where the first regions do not answer', async () => {
    const { clients, sealed, opener } = await make((_, region) => region !== REGIONS[2] && NEVER);
    const opened = decrypt(sealed, { keys: opener });
    await vi.advanceTimersByTimeAsync(6_000);
    expect(String(await opened)).toBe('hello');
    expect(clients.asked).toEqual(REGIONS);
  });

  it('leaves to the later ones what the first did not take', async () => {
    const { clients, sealed, opener } = await make((_, region) =>
      region === REGIONS[0] ? refuse('KMSInternalException') : NEVER,
    );
    const failed = rejection(decrypt(sealed, { keys: opener }));
    await vi.advanceTimersByTimeAsync(4_490);
    expect(clients.asked).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(20);
    expect(clients.asked).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(4_490);
    expect(await failed, 'the first failure').toMatchObject({ code: 'ERR_SEALPIPE_KEY_UNAVAILABLE' });
  });

  it.each(['NotFoundException', 'AccessDeniedException'])(
    'is opened by the last at once where the others answer %s, however long a new key is waited for',
    async (name) => {
      const { clients, sealed, opener } = await make((_, region) => region !== REGIONS[2] && refuse(name));
      const since = performance.now();
      expect(String(await decrypt(sealed, { keys: opener }))).toBe('hello');
      expect(performance.now() - since).toBe(0);
      expect(clients.asked).toEqual(REGIONS);
    },
  );

  it('waits for a new key at the last alone, and no longer in all than was said', async () => {
    const { clients, sealed, opener } = await make(() => refuse('NotFoundException'), 6_000);
    const since = performance.now();
    let took = Number.NaN;
    const failed = rejection(decrypt(sealed, { keys: opener })).finally(() => {
      took = performance.now() - since;
    });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await failed).toMatchObject({ code: 'ERR_SEALPIPE_KEY_NOT_FOUND' });
    expect(took).toBe(6_000);
    expect(clients.asked.slice(0, 4)).toEqual([...REGIONS, REGIONS[2]]);
    expect(new Set(clients.asked.slice(2))).toEqual(new Set([REGIONS[2]]));
  });

  it('takes no longer than the timeout and the wait together, whatever the regions do', async () => {
    const { clients, sealed, opener } = await make(
      (_, region) =>
        region === REGIONS[2] && clients.asked.length < 6 ? refuse('NotFoundException') : NEVER,
      8_000,
    );
    const since = performance.now();
    let took = Number.NaN;
    const failed = rejection(decrypt(sealed, { keys: opener })).finally(() => {
      took = performance.now() - since;
    });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await failed).toMatchObject({ code: 'ERR_SEALPIPE_TIMEOUT' });
    expect(took).toBeGreaterThan(9_000);
    expect(took).toBeLessThanOrEqual(17_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not opened by a second recipient once it was aborted during the first', async () => {
    const { clients, sealed, opener } = await make(() => NEVER);
    const controller = new AbortController();
    const pending = rejection(decrypt(sealed, { keys: opener, signal: controller.signal }));
    await vi.advanceTimersByTimeAsync(10);
    controller.abort('enough');
    expect(await pending).toMatchObject({ name: 'AbortError', cause: 'enough' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(clients.asked).toEqual([REGIONS[0]]);
  });
});

describe('the time of one call', () => {
  it.each([
    ['is all of it without attempts', 10_000, 0, undefined, 10_000],
    ['is all of it for one attempt', 10_000, 0, { elapsed: 0, left: 1 }, 10_000],
    ['is a share of it for three', 9_000, 0, { elapsed: 0, left: 3 }, 3_000],
    ['is a share of what is left', 9_000, 0, { elapsed: 5_000, left: 2 }, 2_000],
    ['is all that is left for the last', 9_000, 0, { elapsed: 1_000, left: 1 }, 8_000],
    ['is little where nothing is left', 9_000, 0, { elapsed: 9_500, left: 1 }, 1],
    ['is no share of the wait for a new key', 9_000, 60_000, { elapsed: 3_000, left: 2 }, 3_000],
    ['has the wait for a new key beside it', 9_000, 60_000, { elapsed: 60_000, left: 1 }, 9_000],
  ])('%s', (_, timeout, wait, attempts, expected) => {
    const given = attempts && { since: performance.now() - attempts.elapsed, left: attempts.left };
    expect(timeLimit(timeout, wait, given)).toBe(expected);
  });
});
