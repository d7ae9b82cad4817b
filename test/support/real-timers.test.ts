import timers from 'node:timers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { restoreRealTimers } from './real-timers.js';

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  restoreRealTimers();
});

describe('the guard of real timers', () => {
  it('finds nothing while all are real', () => {
    expect(globalThis).toHaveProperty('sealpipeTimers');
    expect(restoreRealTimers()).toEqual([]);
  });

  it('finds fake timers, and puts the real ones back', () => {
    const { setTimeout: global } = globalThis;
    const { setTimeout: exported } = timers;
    vi.useFakeTimers({ toFake: ['setTimeout', 'Date', 'performance'] });
    expect(restoreRealTimers()).toEqual(['setTimeout', 'performance', 'Date']);
    expect([globalThis.setTimeout, timers.setTimeout]).toEqual([global, exported]);
    expect(restoreRealTimers()).toEqual([]);
  });

  it('finds a fake timer that a spy puts back after its clock is gone', () => {
    const { setTimeout: real } = globalThis;
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const spy = vi.spyOn(globalThis, 'setTimeout');
    vi.useRealTimers();
    spy.mockRestore();
    expect(vi.isFakeTimers()).toBe(false);
    expect(globalThis.setTimeout).not.toBe(real);
    expect(restoreRealTimers()).toEqual(['setTimeout']);
    expect(globalThis.setTimeout).toBe(real);
  });

  it('finds a spy of a method', () => {
    vi.spyOn(performance, 'now');
    vi.spyOn(process, 'nextTick');
    expect(restoreRealTimers()).toEqual(['now', 'nextTick']);
    expect(restoreRealTimers()).toEqual([]);
  });
});
