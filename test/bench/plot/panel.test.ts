import { engines } from 'sealpipe';
import { describe, expect, it } from 'vitest';
import { panelOf, plottedCases } from '../../../bench/plot/panel.mjs';

const cases = plottedCases(engines());

describe('a panel of the chart', () => {
  it('has a row for each contender, with a bar for each direction', () => {
    const measurements = cases.map((one, at) => ({ name: `case ${at}`, ...one, rates: [at + 1] }));
    const { title, rows } = panelOf('Node 99', cases, measurements);
    expect(title).toBe('Node 99');
    expect(rows.length * 2).toBe(cases.length);
    expect(rows.map(({ label }) => label)).toContain('raw cipher, unframed');
    expect(rows[0]?.bars.map((bar) => bar?.median)).toEqual([1, 2]);
  });

  it('leaves out what was not measured', () => {
    const [first] = cases;
    const { rows } = panelOf('', cases, [{ name: 'one', ...first, rates: [3] }]);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.bars).toEqual([{ median: 3, low: 3, high: 3 }, undefined]);
  });

  it('shows ciphers alone', () => {
    const kinds = new Set(cases.map(({ contender }) => contender.kind));
    expect([...kinds].sort()).toEqual(['age', 'aws', 'noble', 'raw', 'sealpipe']);
  });
});
