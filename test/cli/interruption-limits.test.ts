import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Interruption } from '../../src/cli/interruption.js';
import type { SignalName } from '../../src/cli/terminal/command-error.js';

/** Timers that were set and have not rung. */
let timers: { readonly ring: () => void; readonly delay: number }[];
let listeners: Map<string, () => void>;
let now: number;
const ended = vi.fn<(pid: number, signal?: string | number) => true>(() => true);
const beforeEnd = vi.fn();
const { exitCode } = process;

beforeEach(() => {
  [timers, listeners, now] = [[], new Map(), 0];
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(((ring: () => void, delay: number) => {
    timers.push({ ring, delay });
    return { unref: () => undefined };
  }) as never);
  vi.spyOn(process, 'on').mockImplementation(((name: string, listener: () => void) => {
    listeners.set(name, listener);
    return process;
  }) as never);
  vi.spyOn(process, 'removeAllListeners').mockReturnValue(process);
  vi.spyOn(process, 'kill').mockImplementation(ended);
});
afterEach(() => {
  vi.restoreAllMocks();
  ended.mockClear();
  beforeEnd.mockClear();
  process.exitCode = exitCode;
});

const receive = (name: SignalName): void => listeners.get(name)!();

/** Rings all timers that are set, as after a standstill, which makes all of them due. @returns the longest delay */
function ringAll(): number {
  const due = timers;
  if (due.length === 0) throw new Error('no timer is set');
  timers = [];
  for (const { ring } of due) ring();
  return Math.max(...due.map(({ delay }) => delay));
}

/** @returns after how many milliseconds the signal took its usual effect */
function timeToEnd(): number {
  let time = 0;
  while (ended.mock.calls.length === 0) time += ringAll();
  return time;
}

describe('a signal that a command does not heed', () => {
  it.each([
    ['a second', 0],
    ['the time that the command may take, and a second', 10_000],
  ])('takes its usual effect after %s', (_, allowed) => {
    const interruption = new Interruption(beforeEnd);
    interruption.allow(allowed);
    receive('SIGINT');
    expect([interruption.signal.aborted, interruption.received]).toEqual([true, 'SIGINT']);
    expect(timeToEnd()).toBe(allowed + 1_000);
    expect(ended.mock.calls).toEqual([[process.pid, 'SIGINT']]);
    expect(beforeEnd).toHaveBeenCalledTimes(1);
  });

  it.each([0, 400])('has time to be heeded after a standstill, which is %i ms of that', (patience) => {
    const interruption = new Interruption(beforeEnd);
    if (patience > 0) interruption.heed(() => patience);
    receive('SIGTERM');
    now = 60_000;
    for (let turns = 0; turns < 5; turns++) ringAll();
    expect(ended).not.toHaveBeenCalled();
    timeToEnd();
  });
});

describe('a second signal', () => {
  it('ends a command at once, with its own name', () => {
    new Interruption(beforeEnd);
    receive('SIGTERM');
    expect(ended).not.toHaveBeenCalled();
    receive('SIGINT');
    expect(ended.mock.calls).toEqual([[process.pid, 'SIGINT']]);
    expect(beforeEnd).toHaveBeenCalledTimes(1);
  });

  it('counts as the first one within 50 ms if the first one is heeded', () => {
    new Interruption(beforeEnd).heed(() => 60_000);
    receive('SIGTERM');
    now = 49;
    receive('SIGTERM');
    expect(ended).not.toHaveBeenCalled();
    now = 50;
    receive('SIGTERM');
    expect(ended).toHaveBeenCalledTimes(1);
  });
});
