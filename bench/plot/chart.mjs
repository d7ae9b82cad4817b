// @ts-check
import { ticks } from './axis.mjs';
import { element, line, text } from './svg.mjs';

/** @typedef {import('../statistics.mjs').Spread} Spread */

/**
 * @typedef {object} Panel
 * @property {string} title
 * @property {readonly Row[]} rows
 */

/**
 * @typedef {object} Row
 * @property {string} label
 * @property {readonly (Spread | undefined)[]} bars one for each of the series
 */

/**
 * @typedef {object} Chart
 * @property {string} title
 * @property {string} unit of the axis
 * @property {readonly string[]} series at most two
 * @property {readonly Panel[]} panels
 * @property {readonly string[]} notes lines below
 */

const WIDTH = 860;
const LEFT = 210;
const RIGHT = 60;
const BAR = 11;
const ROW_GAP = 12;
const HEAD = 62;
const PANEL_HEAD = 34;
const AXIS = 46;

/** One palette for a light and one for a dark background; the two series also differ in lightness. */
const STYLE = `
text{font:13px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#1f2328}
.title{font-size:16px;font-weight:600}.panel{font-weight:600}.small{font-size:11px;fill:#59636e}
.grid{stroke:#d1d9e0}.axis{stroke:#59636e}.whisker{stroke:#1f2328;stroke-width:1.2}
.series0{fill:#0969da}.series1{fill:#e0a030}
@media(prefers-color-scheme:dark){
text{fill:#f0f6fc}.small{fill:#9198a1}.grid{stroke:#3d444d}.axis{stroke:#9198a1}.whisker{stroke:#f0f6fc}
.series0{fill:#4493f8}.series1{fill:#d29922}}`;

/**
 * Horizontal bars of medians with whiskers from the 5th to the 95th percentile.
 *
 * @param {Chart} chart
 * @returns {string} a whole SVG file
 */
export function chartSvg(chart) {
  const all = chart.panels.flatMap(({ rows }) => rows.flatMap(({ bars }) => bars));
  const marks = ticks(Math.max(...all.map((bar) => bar?.high ?? 0)));
  const end = marks.at(-1) ?? 1;
  const x = (/** @type {number} */ value) => LEFT + (value / end) * (WIDTH - LEFT - RIGHT);
  const parts = [heading(chart)];
  let y = HEAD;
  for (const panel of chart.panels) {
    parts.push(panelOf(panel, { y, x, marks, unit: chart.unit, series: chart.series.length }));
    y += panelHeight(panel, chart.series.length);
  }
  for (const note of chart.notes) {
    parts.push(text(16, y + 12, note, { class: 'small' }));
    y += 17;
  }
  const height = y + 12;
  const attributes = { xmlns: 'http://www.w3.org/2000/svg', width: WIDTH, height };
  const box = { viewBox: `0 0 ${WIDTH} ${height}`, role: 'img', 'aria-label': summary(chart) };
  const style = element('style', {}, [STYLE]);
  return `${element('svg', { ...attributes, ...box }, [style, ...parts.flatMap((part) => ['\n', part]), '\n'])}\n`;
}

/** @param {Chart} chart */
function heading({ title, series }) {
  const legend = series.flatMap((name, at) => [
    element('rect', { x: LEFT + at * 110, y: 38, width: 12, height: 12, class: `series${at}` }),
    text(LEFT + at * 110 + 18, 49, name),
  ]);
  return element('g', {}, [text(16, 24, title, { class: 'title' }), ...legend]);
}

/**
 * @param {Panel} panel
 * @param {{ y: number, x: (value: number) => number, marks: readonly number[], unit: string, series: number }} place
 */
function panelOf({ title, rows }, { y, x, marks, unit, series }) {
  const top = y + PANEL_HEAD;
  const bottom = top + rows.length * rowHeight(series);
  const grid = marks.flatMap((mark) => [
    line(x(mark), top - 6, x(mark), bottom, { class: mark === 0 ? 'axis' : 'grid' }),
    text(x(mark), bottom + 16, String(mark), { class: 'small', 'text-anchor': 'middle' }),
  ]);
  const axis = text((x(0) + x(marks.at(-1) ?? 0)) / 2, bottom + 32, unit, {
    class: 'small',
    'text-anchor': 'middle',
  });
  const lines = rows.map((row, at) => rowOf(row, top + at * rowHeight(series), x));
  return element('g', {}, [text(16, y + 18, title, { class: 'panel' }), ...grid, axis, ...lines]);
}

/**
 * @param {Row} row
 * @param {number} y
 * @param {(value: number) => number} x
 */
function rowOf({ label, bars }, y, x) {
  const middle = y + (bars.length * BAR) / 2;
  const drawn = bars.flatMap((bar, at) => (bar === undefined ? [] : barOf(bar, at, y + at * BAR, x)));
  return element('g', {}, [text(LEFT - 10, middle + 4, label, { 'text-anchor': 'end' }), ...drawn]);
}

/**
 * @param {Spread} bar
 * @param {number} series
 * @param {number} y
 * @param {(value: number) => number} x
 */
function barOf({ median, low, high }, series, y, x) {
  const middle = y + (BAR - 1) / 2;
  const cap = (/** @type {number} */ value) =>
    line(x(value), middle - 3, x(value), middle + 3, { class: 'whisker' });
  return [
    element('rect', { x: x(0), y, width: x(median) - x(0), height: BAR - 1, class: `series${series}` }),
    line(x(low), middle, x(high), middle, { class: 'whisker' }),
    cap(low),
    cap(high),
    text(x(Math.max(median, high)) + 6, middle + 4, median.toFixed(2), { class: 'small' }),
  ];
}

/**
 * @param {Panel} panel
 * @param {number} series
 */
function panelHeight({ rows }, series) {
  return PANEL_HEAD + rows.length * rowHeight(series) + AXIS;
}

/** @param {number} series */
function rowHeight(series) {
  return series * BAR + ROW_GAP;
}

/** @param {Chart} chart what it shows, for readers who cannot see it */
function summary({ title, series, panels, unit }) {
  const told = panels.flatMap(({ title: panel, rows }) =>
    rows.map(({ label, bars }) => {
      const values = bars.flatMap((bar, at) => (bar ? [`${series[at]} ${bar.median.toFixed(2)}`] : []));
      return `${panel}, ${label}: ${values.join(', ')}`;
    }),
  );
  return `${title}, ${unit}. ${told.join('; ')}`;
}
