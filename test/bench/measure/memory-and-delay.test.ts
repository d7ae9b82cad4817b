import { describe, expect, it } from 'vitest';
import { loopDelay } from '../../../bench/measure/loop-delay.mjs';
import { forgetPeakMemory, peakMemory } from '../../../bench/measure/peak-memory.mjs';
import { onlyWhere } from '../../support/prerequisite.js';

const MIB = 2 ** 20;

describe('peak memory', () => {
  it('begins anew where it is forgotten, and grows by what is touched from then on', (context) => {
    onlyWhere(context, process.platform === 'linux', 'only Linux forgets it');
    const before = peakMemory();
    forgetPeakMemory();
    const after = peakMemory();
    expect(after).toBeLessThanOrEqual(before);
    const held = Buffer.alloc(before - after + 200 * MIB, 1);
    expect(peakMemory() - before).toBeGreaterThan(100 * MIB);
    expect(held[0]).toBe(1);
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
