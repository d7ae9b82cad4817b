import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DataKeyCache } from '../../src/keys/data-key-cache.js';

const limits = { maxAge: 1_000, maxStreams: 10, maxBytes: 1_000 };
const dataKey = Buffer.alloc(32, 0xab);

describe('DataKeyCache wipes its own copy', () => {
  let wiped: Uint8Array[];

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
    wiped = [];
    const fill = Buffer.prototype.fill;
    vi.spyOn(Buffer.prototype, 'fill').mockImplementation(function (this: Uint8Array, ...args) {
      if (args[0] === 0 && this.length === dataKey.length && this[0] === 0xab) wiped.push(this);
      return Reflect.apply(fill, this, args);
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  const filled = () => {
    const cache = new DataKeyCache<string>(limits, 2);
    cache.put('a', { dataKey, detail: 'A' }, undefined);
    return cache;
  };
  const expectWiped = (count: number) => {
    expect(wiped).toHaveLength(count);
    for (const copy of wiped) expect(copy.every((byte) => byte === 0)).toBe(true);
    expect(dataKey[0]).toBe(0xab);
  };

  test('when it is too old, without anybody asking for it', () => {
    filled();
    vi.advanceTimersByTime(999);
    expectWiped(0);
    vi.advanceTimersByTime(1);
    expectWiped(1);
  });

  test('each at its own age, also one that came later', () => {
    const cache = filled();
    vi.advanceTimersByTime(60);
    cache.put('b', { dataKey, detail: 'B' }, undefined);
    vi.advanceTimersByTime(940);
    expectWiped(1);
    vi.advanceTimersByTime(60);
    expectWiped(2);
  });

  test('when a newer key of the same name comes', () => {
    filled().put('a', { dataKey: Buffer.alloc(32, 1), detail: 'B' }, undefined);
    expectWiped(1);
  });

  test('when there are too many', () => {
    const cache = filled();
    cache.put('b', { dataKey: Buffer.alloc(32, 1), detail: 'B' }, undefined);
    expectWiped(0);
    cache.put('c', { dataKey: Buffer.alloc(32, 1), detail: 'C' }, undefined);
    expectWiped(1);
    expect(cache.take('a', undefined)).toBeUndefined();
    expect(cache.take('b', undefined)?.detail).toBe('B');
  });

  test('when it is used up and asked for', () => {
    const cache = filled();
    for (let i = 0; i < 9; i++) expect(cache.take('a', undefined)).toBeDefined();
    expectWiped(0);
    expect(cache.take('a', undefined)).toBeUndefined();
    expectWiped(1);
  });

  test('when all are let go, and its timer with them', () => {
    filled().clear();
    expectWiped(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

test('a maxAge beyond what a timer takes does not make it run at once', () => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  const cache = new DataKeyCache<undefined>({ ...limits, maxAge: Number.MAX_SAFE_INTEGER }, 2);
  cache.put('a', { dataKey, detail: undefined }, undefined);
  vi.advanceTimersByTime(1_000_000);
  expect(cache.take('a', undefined)).toBeDefined();
  vi.useRealTimers();
});
