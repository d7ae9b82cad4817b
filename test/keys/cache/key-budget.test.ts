import { describe, expect, test } from 'vitest';
import { KeyBudget } from '../../../src/keys/cache/key-budget.js';

const limits = { maxAge: 1_000, maxStreams: 3, maxBytes: 100 };

describe('the uses of a data key', () => {
  test('are as many as there may be streams', () => {
    const uses = new KeyBudget(limits);
    const allowed = [1, 2, 3, 4].map(() => {
      const before = uses.allowMore();
      uses.add({});
      return before;
    });
    expect(allowed).toEqual([true, true, true, false]);
  });

  test('are as many bytes as there may be, of streams that run and that have ended', () => {
    const uses = new KeyBudget(limits);
    const [running, ended] = [
      { plaintextBytes: 0, ended: false },
      { plaintextBytes: 0, ended: false },
    ];
    uses.add({ usage: running });
    uses.add({ usage: ended });
    Object.assign(ended, { plaintextBytes: 60, ended: true });
    running.plaintextBytes = 39;
    expect([uses.plaintextBytes, uses.allowMore()]).toEqual([99, true]);
    running.plaintextBytes = 40;
    expect([uses.plaintextBytes, uses.allowMore()]).toEqual([100, false]);
  });

  test('of a stream that gave up are taken back', () => {
    const uses = new KeyBudget(limits);
    const use = uses.add({ usage: { plaintextBytes: 100, ended: true } });
    expect(uses.allowMore()).toBe(false);
    uses.remove(use);
    expect([uses.plaintextBytes, uses.allowMore()]).toEqual([0, true]);
  });

  test('end when no stream can come and all have ended', () => {
    const uses = new KeyBudget(limits);
    const usage = { plaintextBytes: 1, ended: false };
    uses.add({ usage });
    uses.end();
    expect(uses.ended).toBe(false);
    usage.ended = true;
    expect([uses.ended, uses.plaintextBytes]).toEqual([true, 1]);
  });

  test.each<[(boolean | undefined)[], boolean | undefined]>([
    [[undefined], undefined],
    [[true], true],
    [[false], false],
    [[undefined, false], false],
    [[true, false], true],
    [[false, true], true],
  ])('of which the trials are %j fit: %s', (fits, expected) => {
    const uses = new KeyBudget({ ...limits, maxStreams: 10 });
    for (const fit of fits) uses.add({ trial: { fits: fit } });
    expect([uses.fits, uses.allowMore()]).toEqual([expected, expected !== false]);
  });

  test('tell a miss as soon as the stream knows, and forget it when the key fits another', () => {
    const uses = new KeyBudget(limits);
    const trials = [1, 2].map((): { fits: boolean | undefined } => ({ fits: undefined }));
    for (const trial of trials) uses.add({ trial });
    expect(uses.allowMore()).toBe(true);
    trials[0]!.fits = false;
    expect(uses.allowMore()).toBe(false);
    trials[1]!.fits = true;
    expect(uses.allowMore()).toBe(true);
  });
});
