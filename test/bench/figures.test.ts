import { describe, expect, it } from 'vitest';
import { memoryFigure, ratioFigure, targetText } from '../../bench/figures.mjs';
import { verdicts } from '../../bench/report/verdicts.mjs';
import { atLeast, atMost } from '../../bench/targets.mjs';

describe('a figure', () => {
  it('is the median of its ratios, with the range that they have', () => {
    expect(ratioFigure('a / b', [1, 2, 3])).toMatchObject({
      name: 'a / b',
      unit: 'ratio',
      value: 2,
      low: 1.1,
      high: 2.9,
    });
  });

  it('says whether it reaches its target', () => {
    expect(targetText(ratioFigure('a', [1.3], { least: 1.3 }))).toBe('≥ 1.30 holds');
    expect(targetText(ratioFigure('a', [1.29], { least: 1.3 }))).toBe('≥ 1.30 MISSED');
    expect(targetText(memoryFigure('a', [16], { most: 16 }))).toBe('≤ 16 MiB holds');
    expect(targetText(memoryFigure('a', [16.1], { most: 16 }))).toBe('≤ 16 MiB MISSED');
    expect(targetText(ratioFigure('a', [1]))).toBe('');
  });
});

describe('the targets', () => {
  it('are those of the version of Node where it has its own', () => {
    expect([20, 22, 24, 26].map((major) => atLeast('encrypt', major))).toEqual([
      { least: 1.1 },
      undefined,
      { least: 1.3 },
      undefined,
    ]);
    expect([20, 22, 24, 26].map((major) => atLeast('smallFrames', major)?.least)).toEqual([
      0.7, 0.7, 0.7, 0.7,
    ]);
    expect(atMost('memoryGrowth', 22)).toEqual({ most: 16 });
  });
});

describe('the verdicts', () => {
  it('show each figure that has a target beside it', () => {
    const figures = [
      ratioFigure('fast', [2], { least: 1 }),
      ratioFigure('no target', [2]),
      memoryFigure('large', [70], { most: 64 }),
    ];
    expect(verdicts(figures)).toEqual([
      'targets: 1 of 2 hold in this run',
      '      2.00  ≥ 1.00 holds         fast',
      '    70 MiB  ≤ 64 MiB MISSED      large',
    ]);
  });

  it('are silent where there is no target', () => expect(verdicts([ratioFigure('a', [1])])).toEqual([]));
});
