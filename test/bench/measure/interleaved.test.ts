import { describe, expect, it } from 'vitest';
import { calibrated } from '../../../bench/measure/cost.mjs';
import { interleaved, timesAsFast } from '../../../bench/measure/interleaved.mjs';

const WHILE = 40;

/** Work that takes longer than the shortest measurement, so that it is never repeated, and notes its name. */
const noting = (name: string, log: string[]) => async () => {
  log.push(name);
  await new Promise((resolve) => setTimeout(resolve, WHILE));
};

describe('work in turn', () => {
  it('changes its order with every round, after two runs of each', async () => {
    const log: string[] = [];
    const costs = await interleaved([noting('a', log), noting('b', log), noting('c', log)], 3);
    expect(log.join('')).toBe(`aabbcc${'abc'}${'cba'}${'abc'}`);
    expect(costs.map((rounds) => rounds.length)).toEqual([3, 3, 3]);
  });

  it('fails when some of it fails', async () => {
    const broken = async () => {
      throw new Error('lost');
    };
    await expect(interleaved([broken], 3)).rejects.toThrow('lost');
  });

  it('is compared round by round, by seconds or by those of the CPU', () => {
    const a = [
      { seconds: 1, cpu: 1 },
      { seconds: 2, cpu: 1 },
    ];
    const b = [
      { seconds: 3, cpu: 2 },
      { seconds: 4, cpu: 2 },
    ];
    expect(timesAsFast(a, b)).toEqual([3, 2]);
    expect(timesAsFast(a, b, 'cpu')).toEqual([2, 2]);
  });
});

describe('the length of streams', () => {
  const prepare = (sizes: number[]) => async (size: number) => {
    sizes.push(size);
    return { run: async () => undefined };
  };

  it('grows up to the most', async () => {
    const sizes: number[] = [];
    const { size } = await calibrated(prepare(sizes), { about: 60, from: 4, most: 64 });
    expect(sizes).toEqual([4, 64]);
    expect(size).toBe(64);
  });

  it('stays where one takes long enough', async () => {
    const sizes: number[] = [];
    await calibrated(prepare(sizes), { about: 0, from: 4, most: 64 });
    expect(sizes).toEqual([4]);
  });
});
