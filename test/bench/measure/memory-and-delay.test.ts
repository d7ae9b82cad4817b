import { describe, expect, it } from 'vitest';
import { collectGarbage } from '../../../bench/measure/garbage.mjs';
import { loopDelay } from '../../../bench/measure/loop-delay.mjs';
import { forgetPeakMemory, peakMemory } from '../../../bench/measure/peak-memory.mjs';
import { onlyWhere } from '../../support/prerequisite.js';

const MIB = 2 ** 20;

/** Uses memory and forgets it. */
const touch = (size: number): number => Buffer.alloc(size, 1).length;

describe('peak memory', () => {
  it('begins anew where it is forgotten, and grows by what is touched from then on', (context) => {
    onlyWhere(context, process.platform === 'linux', 'only Linux forgets it');
    touch(200 * MIB);
    const before = peakMemory();
    collectGarbage();
    forgetPeakMemory();
    const after = peakMemory();
    expect(after).toBeLessThan(before - 100 * MIB);
    touch(400 * MIB);
    expect(peakMemory()).toBeGreaterThan(after + 300 * MIB);
  });

  it('of a process that is not there is no number', () => expect(peakMemory(2 ** 30)).toBeNaN());
});

describe('the delay of the event loop', () => {
  it('is at least as long as the work holds it', async () => {
    const { p99, max } = await loopDelay(
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        const end = performance.now() + 30;
        while (performance.now() < end);
      },
      { seconds: 0 },
    );
    expect(max).toBeGreaterThanOrEqual(28);
    expect(p99).toBeLessThanOrEqual(max);
  });
});
