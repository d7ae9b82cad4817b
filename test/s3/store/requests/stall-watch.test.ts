import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LONGEST_TIMER } from '../../../../src/abort.js';
import { StallWatch } from '../../../../src/s3/store/requests/stall-watch.js';

const LIMIT = 800;

let now: number;
/** Timers that were set and have not rung. */
let timers: { readonly ring: () => void; readonly due: number }[];
const onStall = vi.fn();

beforeEach(() => {
  [now, timers] = [5_000, []];
  onStall.mockClear();
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(((ring: () => void, delay: number) => {
    timers.push({ ring, due: now + delay });
  }) as never);
});
afterEach(() => void vi.restoreAllMocks());

/** Rings what is due, in its order; what is set meanwhile has to wait for the next turn. */
function ringDue(): void {
  const due = timers.filter((timer) => timer.due <= now).sort((a, b) => a.due - b.due);
  timers = timers.filter((timer) => !due.includes(timer));
  for (const { ring } of due) ring();
}

/** Lets time pass for a process that runs. */
function pass(milliseconds: number): void {
  for (let i = 0; i < milliseconds; i++) {
    now += 1;
    ringDue();
  }
}

/** Lets time pass for a process that stands still, and runs again. */
function standStill(milliseconds: number): void {
  now += milliseconds;
  ringDue();
}

it('calls after the limit, once, with one timer at a time', () => {
  const watch = new StallWatch(LIMIT, onStall);
  pass(LIMIT - 1);
  expect([onStall.mock.calls.length, timers.length]).toEqual([0, 1]);
  pass(1);
  expect([onStall.mock.calls.length, timers.length]).toEqual([1, 0]);
  watch.end();
});

it('begins anew with every byte that moves, and rests while none is wanted', () => {
  const watch = new StallWatch(LIMIT, onStall);
  pass(LIMIT - 10);
  watch.moved();
  pass(LIMIT - 10);
  watch.rest();
  pass(10 * LIMIT);
  expect(onStall).not.toHaveBeenCalled();
  watch.moved();
  pass(LIMIT - 1);
  expect(onStall).not.toHaveBeenCalled();
  pass(1);
  expect(onStall).toHaveBeenCalledTimes(1);
});

it('does not count a time in which the process stood still, whenever that was', () => {
  new StallWatch(LIMIT, onStall);
  for (const runs of [0, 50, 130, 210]) {
    pass(runs);
    standStill(10 * LIMIT);
    expect(onStall).not.toHaveBeenCalled();
  }
  pass(LIMIT);
  expect(onStall).toHaveBeenCalledTimes(1);
});

it('has the time that sending took before, also for the response', () => {
  const watch = new StallWatch(LIMIT, onStall);
  for (let i = 0; i < 5; i++) {
    pass(LIMIT - 1);
    watch.moved();
  }
  watch.handedOver();
  pass(5 * (LIMIT - 1) - 1);
  expect(onStall).not.toHaveBeenCalled();
  pass(1);
  expect(onStall).toHaveBeenCalledTimes(1);
});

it('sets no timer that Node would turn into one of a millisecond', () => {
  new StallWatch(Number.MAX_SAFE_INTEGER, onStall);
  expect(timers.map(({ due }) => due - now)).toEqual([LONGEST_TIMER]);
});
