import { getEventListeners } from 'node:events';
import { describe, expect, it, test } from 'vitest';
import { abortError, onAbort, pause, unlessAborted } from '../src/abort.js';
import { expectQuietProcess } from './support/quiet-process.js';

expectQuietProcess();

describe('listeners that wait on one signal', () => {
  test('are told once each, in order, by one listener', () => {
    const controller = new AbortController();
    const told: number[] = [];
    for (const i of [1, 2, 3]) onAbort(controller.signal, () => told.push(i));
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    controller.abort();
    expect(told).toEqual([1, 2, 3]);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  test('are not told after they stopped waiting, not even while the others are being told', () => {
    const controller = new AbortController();
    const told: number[] = [];
    const ends: (() => void)[] = [];
    for (const i of [1, 2, 3]) {
      const listener = () => {
        told.push(i);
        ends[1]!();
      };
      ends.push(onAbort(controller.signal, listener));
    }
    controller.abort();
    expect(told).toEqual([1, 3]);
  });

  test('leave nothing behind, and may wait again', () => {
    const controller = new AbortController();
    const told: string[] = [];
    const same = () => told.push('same');
    const ends = [onAbort(controller.signal, same), onAbort(controller.signal, same)];
    ends[0]!();
    ends[0]!();
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    ends[1]!();
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    onAbort(controller.signal, same);
    ends[1]!();
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    controller.abort();
    expect(told).toEqual(['same']);
  });

  test('are told at once if it is already aborted', () => {
    let told = 0;
    onAbort(AbortSignal.abort(), () => told++)();
    expect(told).toBe(1);
  });
});

describe('the error of an abort', () => {
  it("is named as Node names it, with the signal's reason as its cause", () => {
    const reason = new Error('enough');
    expect(abortError(AbortSignal.abort(reason))).toMatchObject({
      name: 'AbortError',
      code: 'ABORT_ERR',
      cause: reason,
    });
  });
});

describe('a pause', () => {
  test('ends after its time, and leaves nothing on the signal', async () => {
    const { signal } = new AbortController();
    await expect(pause(1, signal)).resolves.toBeUndefined();
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('ends at once when the signal is aborted, before it or within it', async () => {
    const controller = new AbortController();
    const paused = pause(60_000, controller.signal);
    controller.abort('enough');
    const error = { name: 'AbortError', code: 'ABORT_ERR', cause: 'enough' };
    await expect(paused).rejects.toMatchObject(error);
    await expect(pause(60_000, controller.signal)).rejects.toMatchObject(error);
  });
});

describe('work that is awaited unless it is aborted', () => {
  const fault = new Error('a fault');

  test('settles as it does without a signal, and leaves nothing on the signal', async () => {
    const { signal } = new AbortController();
    await expect(unlessAborted(Promise.resolve('done'), signal)).resolves.toBe('done');
    await expect(unlessAborted(Promise.reject(fault), signal)).rejects.toBe(fault);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('is given up at once when the signal is aborted, and its late answer is discarded', async () => {
    const controller = new AbortController();
    let answer: (value: string) => void = () => undefined;
    const discarded: string[] = [];
    const work = new Promise<string>((resolve) => {
      answer = resolve;
    });
    const awaited = unlessAborted(work, controller.signal, (late) => void discarded.push(late));
    controller.abort('enough');
    await expect(awaited).rejects.toMatchObject({ code: 'ABORT_ERR', cause: 'enough' });
    expect(discarded).toEqual([]);
    answer('late');
    await work;
    expect(discarded).toEqual(['late']);
  });

  test.each([
    ['fails', () => Promise.reject(fault)],
    ['is not taken by its discard', async () => undefined],
  ])('makes no noise if its late answer %s', async (_, late) => {
    const awaited = unlessAborted(new Promise(setImmediate).then(late), AbortSignal.abort(), () => {
      throw fault;
    });
    await expect(awaited).rejects.toMatchObject({ code: 'ABORT_ERR' });
  });
});
