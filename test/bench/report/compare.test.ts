import { describe, expect, it } from 'vitest';
import { type Figure, memoryFigure } from '../../../bench/figures.mjs';
import { machine } from '../../../bench/machine.mjs';
import { changes, comparison, hasMoved } from '../../../bench/report/compare.mjs';
import { parseResults, type Results, resultsText } from '../../../bench/report/results.mjs';

const ratio = (name: string, value: number, error = 0): Figure => ({
  name,
  unit: 'ratio',
  value,
  error,
  low: value,
  high: value,
});
const run = (...figures: Figure[]): Results => ({
  format: 1,
  command: 'npm run bench',
  machine: machine(),
  figures,
  measurements: [],
  leftOut: [],
});
const moved = (before: Figure, after: Figure) => changes([before], [after]).filter(hasMoved).length === 1;

describe('a comparison', () => {
  it('finds what moved beyond noise, and how much', () => {
    const before = run(ratio('a', 1), ratio('b', 1), ratio('c', 1));
    const after = run(ratio('a', 0.5), ratio('b', 1.01), ratio('c', 1.5));
    expect(comparison(before, after)).toEqual([
      'compared with the run that was saved: 3 ratios, 2 moved beyond noise',
      '  fell: a: 1.00 -> 0.50 (-50 %; noise ± 8 %)',
      '  rose: c: 1.00 -> 1.50 (50 %; noise ± 8 %)',
    ]);
  });

  it('takes three errors of the difference for noise', () => {
    expect(moved(ratio('a', 1, 0.03), ratio('a', 1.14, 0.04))).toBe(false);
    expect(moved(ratio('a', 1, 0.03), ratio('a', 1.16, 0.04))).toBe(true);
    expect(moved(ratio('a', 1), ratio('a', 1.07))).toBe(false);
    expect(moved(ratio('a', 1), ratio('a', 0.91))).toBe(true);
  });

  it('takes for noise what the rounds of either run reached', () => {
    const wide = { ...ratio('a', 1), low: 0.4, high: 1.2 };
    expect(moved(wide, ratio('a', 0.5))).toBe(false);
    expect(moved(ratio('a', 0.5), wide)).toBe(false);
    expect(moved(wide, ratio('a', 0.3))).toBe(true);
  });

  it('never compares what is no ratio, nor what only one run has', () => {
    expect(changes([memoryFigure('m', [1]), ratio('a', 1)], [memoryFigure('m', [9]), ratio('b', 1)])).toEqual(
      [],
    );
  });

  it('says when the other run was on another machine', () => {
    const elsewhere = { ...run(ratio('a', 1)), machine: { ...machine(), node: 'v1.2.3' } };
    expect(comparison(elsewhere, run(ratio('a', 1)))[1]).toContain('another machine or Node: Node v1.2.3');
  });
});

describe('saved results', () => {
  it('are read as they were written', () => {
    const results = run(ratio('a', 1, 0.1));
    expect(parseResults(resultsText(results), 'x')).toEqual(results);
  });

  it.each(['{}', 'null', '{"format":2,"figures":[],"measurements":[]}', '{"format":1}'])(
    'are not %s',
    (text) => expect(() => parseResults(text, 'old.json')).toThrow('old.json was not saved by this bench'),
  );
});
