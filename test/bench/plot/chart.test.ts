import { describe, expect, it } from 'vitest';
import { ticks } from '../../../bench/plot/axis.mjs';
import { type Chart, chartSvg } from '../../../bench/plot/chart.mjs';
import { element, escaped, text } from '../../../bench/plot/svg.mjs';
import { elementsOf } from './svg-elements.js';

const chart: Chart = {
  title: 'Speed <of> a "thing"',
  unit: 'GB/s',
  series: ['encrypt', 'decrypt'],
  panels: [
    {
      title: 'Node 20',
      rows: [
        { label: 'ours & theirs', bars: [{ median: 2, low: 1, high: 4 }, undefined] },
        {
          label: 'raw',
          bars: [
            { median: 1, low: 1, high: 1 },
            { median: 3, low: 2.5, high: 3.5 },
          ],
        },
      ],
    },
  ],
  notes: ['a note'],
};

describe('a chart', () => {
  const svg = chartSvg(chart);
  const elements = elementsOf(svg);
  const bars = elements.filter(({ name, at }) => name === 'rect' && at['height'] === '10');
  const length = (bar: (typeof bars)[number] | undefined) => Number(bar?.at['width']);

  it('is well-formed, with every tag closed', () => {
    expect(elements[0]?.name).toBe('svg');
    expect(elements[0]?.at['xmlns']).toBe('http://www.w3.org/2000/svg');
  });

  it('has a bar for each median, to scale, and none where nothing was measured', () => {
    expect(bars).toHaveLength(3);
    expect(length(bars[0]) / length(bars[1])).toBeCloseTo(2, 2);
    expect(length(bars[2]) / length(bars[1])).toBeCloseTo(3, 2);
    expect(bars.map(({ at }) => at['class'])).toEqual(['series0', 'series0', 'series1']);
  });

  it('has whiskers from the 5th to the 95th percentile', () => {
    const [first] = elements.filter(({ at }) => at['class'] === 'whisker');
    const unit = length(bars[1]);
    const zero = Number(bars[0]?.at['x']);
    expect(Number(first?.at['x1'])).toBeCloseTo(zero + unit, 1);
    expect(Number(first?.at['x2'])).toBeCloseTo(zero + 4 * unit, 1);
  });

  it('names its axis, its rows, its series and what it is', () => {
    for (const name of ['GB/s', 'ours &#38; theirs', 'raw', 'encrypt', 'decrypt', 'Node 20', 'a note'])
      expect(svg).toContain(`>${name}</text>`);
    expect(elements[0]?.at['aria-label']).toContain('Node 20, raw: encrypt 1.00, decrypt 3.00');
  });

  it('stays within its own bounds', () => {
    const { width, height } = elements[0]?.at ?? {};
    for (const { name, at } of elements) {
      const [x, y] = [at['x2'] ?? at['x'], at['y2'] ?? at['y']];
      if (name === 'svg' || x === undefined || y === undefined) continue;
      expect(Number(x)).toBeLessThan(Number(width));
      expect(Number(y)).toBeLessThan(Number(height));
    }
  });

  it('has colours for light and for dark ground, and no ground of its own', () => {
    expect(svg).toContain('prefers-color-scheme:dark');
    expect(elements.some(({ name, at }) => name === 'rect' && at['class'] === undefined)).toBe(false);
  });
});

describe('SVG', () => {
  it('escapes what has a meaning in it', () => {
    expect(escaped('<a> & "b"')).toBe('&#60;a&#62; &#38; &#34;b&#34;');
    expect(text(1, 2, '<')).toBe('<text x="1" y="2">&#60;</text>');
    expect(element('a', { b: '"' })).toBe('<a b="&#34;"/>');
  });

  it('writes numbers with two decimals at most', () =>
    expect(element('a', { x: 1 / 3, y: 2 })).toBe('<a x="0.33" y="2"/>'));
});

describe('the ticks of an axis', () => {
  it.each([
    [1, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]],
    [3.8, [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4]],
    [10.4, [0, 2, 4, 6, 8, 10, 12]],
    [0.07, [0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07]],
  ])('to %d are %j', (most, expected) => expect(ticks(most)).toEqual(expected));
});
