import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DataKeyCache } from '../../../src/keys/cache/data-key-cache.js';
import { keyRequest } from '../../conformance/key-request.js';
import { isWiped } from '../../support/watched-provider.js';
import { forgetCopies, unwiped } from './recorded-copies.js';

vi.mock('../../../src/bytes.js', async (original) =>
  (await import('./recorded-copies.js')).recording(await original()),
);

const limits = { maxAge: 1_000, maxStreams: 10, maxBytes: 1_000 };
const MARKER = Buffer.from('a data key');
const recipient = { provider: 'raw', key: 'k', wrapped: Buffer.alloc(60, 1) };

let answers: Buffer[];
/** Answers with a key of its own. */
const call = async () => {
  const dataKey = Buffer.concat([MARKER, Buffer.alloc(22, answers.length)]);
  answers.push(dataKey);
  return { dataKey, recipient };
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  answers = [];
  forgetCopies();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Asks, wipes as a stream does, and says which key was given. */
async function use(cache: DataKeyCache, name: string): Promise<number> {
  const { dataKey } = await cache.get(name, keyRequest(), call);
  const which = dataKey.at(-1)!;
  dataKey.fill(0);
  return which;
}

/** Which keys can be found in memory. */
const held = () => unwiped(MARKER).map((copy) => copy.at(-1));

describe('DataKeyCache holds one copy, and wipes it', () => {
  const filled = async () => {
    const cache = new DataKeyCache(limits, 2);
    await use(cache, 'a');
    expect(held()).toEqual([0]);
    expect(answers.map(isWiped), "the provider's own").toEqual([true]);
    return cache;
  };

  test('when it is too old, without anybody asking for it', async () => {
    await filled();
    vi.advanceTimersByTime(999);
    expect(held()).toEqual([0]);
    vi.advanceTimersByTime(1);
    expect(held()).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('each at its own age, also one that came later', async () => {
    const cache = await filled();
    vi.advanceTimersByTime(60);
    await use(cache, 'b');
    vi.advanceTimersByTime(940);
    expect(held()).toEqual([1]);
    vi.advanceTimersByTime(60);
    expect(held()).toEqual([]);
  });

  test('when there are too many: the oldest', async () => {
    const cache = await filled();
    await use(cache, 'b');
    await use(cache, 'a');
    expect(held()).toEqual([0, 1]);
    await use(cache, 'c');
    expect(held()).toEqual([1, 2]);
    expect(await use(cache, 'b')).toBe(1);
    expect(await use(cache, 'a')).toBe(3);
  });

  test('at once when its last stream has it', async () => {
    const cache = await filled();
    for (let i = 0; i < 8; i++) expect(await use(cache, 'a')).toBe(0);
    expect(held()).toEqual([0]);
    expect(await use(cache, 'a')).toBe(0);
    expect(held()).toEqual([]);
    expect(await use(cache, 'a')).toBe(1);
  });

  test('at once, where the streams that waited for it have used it up', async () => {
    const cache = new DataKeyCache({ ...limits, maxStreams: 2 }, 2);
    await Promise.all([use(cache, 'a'), use(cache, 'a')]);
    expect([answers.length, held()]).toEqual([1, []]);
  });

  test('when a call that was made at the same time brought another', async () => {
    const cache = new DataKeyCache({ ...limits, maxStreams: 2 }, 2);
    const controller = new AbortController();
    const first = cache.get('a', keyRequest({ signal: controller.signal }), call);
    const others = [1, 2].map(() => use(cache, 'a'));
    controller.abort();
    await expect(first).rejects.toMatchObject({ code: 'ABORT_ERR' });
    await Promise.all(others);
    expect([answers.length, held()]).toEqual([2, [1]]);
  });

  test('when it is closed, and its timer with it', async () => {
    const cache = await filled();
    cache.close();
    expect(held()).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('when it was closed before the call answered', async () => {
    const cache = new DataKeyCache(limits, 2);
    const using = use(cache, 'a');
    cache.close();
    await using;
    expect([held(), vi.getTimerCount()]).toEqual([[], 0]);
  });

  test('when the key was given up before the call answered', async () => {
    const cache = new DataKeyCache(limits, 2);
    const controllers = [new AbortController(), new AbortController()];
    const waiting = controllers.map(({ signal }) => cache.get('a', keyRequest({ signal }), call));
    for (const controller of controllers) controller.abort();
    for (const one of waiting) await expect(one).rejects.toMatchObject({ code: 'ABORT_ERR' });
    expect([answers.map(isWiped), held(), vi.getTimerCount()]).toEqual([[true], [], 0]);
  });
});

test('a maxAge beyond what a timer takes does not make it run at once', async () => {
  const cache = new DataKeyCache({ ...limits, maxAge: Number.MAX_SAFE_INTEGER }, 2);
  await use(cache, 'a');
  vi.advanceTimersByTime(1_000_000);
  expect(await use(cache, 'a')).toBe(0);
  cache.close();
});
