import { describe, expect, it } from 'vitest';
import { Turns } from '../../src/sources/turns.js';

const never = new AbortController().signal;
const tick = () => new Promise(setImmediate);

/** Work that ends when it is told to. */
function openWork() {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { work: () => ended, end };
}

describe('turns', () => {
  it('run no more than the maximum at once, in order', async () => {
    const turns = new Turns(2);
    const works = [0, 1, 2, 3].map(openWork);
    const begun: number[] = [];
    const all = works.map(({ work }, i) =>
      turns.take(never, () => {
        begun.push(i);
        return work();
      }),
    );
    await tick();
    expect(begun).toEqual([0, 1]);
    works[1]!.end();
    await tick();
    expect(begun).toEqual([0, 1, 2]);
    for (const { end } of works) end();
    await Promise.all(all);
    expect(begun).toEqual([0, 1, 2, 3]);
  });

  it('go to the next if the one whose turn has come is aborted at that moment', async () => {
    // The abort comes 0 to 8 microtasks after the turn was passed on.
    for (let delay = 0; delay <= 8; delay++) {
      const turns = new Turns(1);
      const first = openWork();
      const running = turns.take(never, first.work);
      const controller = new AbortController();
      const aborted = turns.take(controller.signal, async () => undefined).catch(() => undefined);
      let hasRun = false;
      const last = turns.take(never, async () => {
        hasRun = true;
      });
      await tick();
      first.end();
      for (let i = 0; i < delay; i++) await undefined;
      controller.abort();
      await tick();
      expect(hasRun, `with the abort after ${delay} microtasks`).toBe(true);
      await Promise.all([running, aborted, last]);
    }
  });

  it('are never taken by an operation that came later, at whatever moment it asks', async () => {
    // It asks 0 to 8 microtasks after the turn was passed on.
    for (let delay = 0; delay <= 8; delay++) {
      const turns = new Turns(1);
      const first = openWork();
      const begun: string[] = [];
      const take = (name: string) =>
        turns.take(never, async () => {
          begun.push(name);
        });
      const all = [turns.take(never, first.work), take('second'), take('third')];
      await tick();
      first.end();
      for (let i = 0; i < delay; i++) await undefined;
      all.push(take('fourth'));
      await Promise.all(all);
      expect(begun, `asked after ${delay} microtasks`).toEqual(['second', 'third', 'fourth']);
    }
  });

  it('go on after work that fails', async () => {
    const turns = new Turns(1);
    const fault = new Error('x');
    const failing = turns.take(never, () => Promise.reject(fault));
    const next = turns.take(never, async () => 'done');
    await expect(failing).rejects.toBe(fault);
    expect(await next).toBe('done');
  });
});
