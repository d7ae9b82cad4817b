import { describe, expect, it } from 'vitest';
import { sampled, wholeRun } from './sample.js';
import { seededRandom } from './seeded-random.js';

const HUNDRED = Array.from({ length: 100 }, (_, index) => index);

describe('a sample', () => {
  it('is as large as it was told, unless all was asked for, and in order, with both ends', () => {
    const sample = sampled(HUNDRED, 10, 'a');
    expect(sample).toHaveLength(wholeRun ? 100 : 10);
    expect(sample).toEqual([...new Set(sample)].sort((a, b) => a - b));
    expect([sample[0], sample.at(-1)]).toEqual([0, 99]);
  });

  it('is the same for a seed and a label', () => {
    expect(sampled(HUNDRED, 10, 'a')).toEqual(sampled(HUNDRED, 10, 'a'));
    expect(seededRandom('a')()).toBe(seededRandom('a')());
    expect(seededRandom('a')()).not.toBe(seededRandom('b')());
  });

  it('is all of what is short', () => {
    expect(sampled([3, 1, 2], 3, 'a')).toEqual([3, 1, 2]);
    expect(sampled([], 3, 'a')).toEqual([]);
  });
});
