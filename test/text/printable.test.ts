import { describe, expect, it } from 'vitest';
import { listed, printable, printableJson, quoted, shortened } from '../../src/text/printable.js';
import { sampled } from '../support/sample.js';

/** Every code point that is drawn as nothing, breaks a line, turns the direction of writing or has no meaning yet. */
const HIDDEN = Array.from({ length: 0x11_0000 }, (_, point) => String.fromCodePoint(point)).filter((sign) =>
  /[\p{C}\p{Zl}\p{Zp}\p{DI}\p{Bidi_C}\p{Variation_Selector}]/u.test(sign),
);

describe('what is shown', () => {
  it.each([
    ['plain äöü 漢字 🙂', 'plain äöü 漢字 🙂'],
    ['\u001b[2J\r\n\t\0\u007f', '\\u{1b}[2J\\u{d}\\u{a}\\u{9}\\u{0}\\u{7f}'],
    ['\u009b31m\u0085', '\\u{9b}31m\\u{85}'],
    ['a\u202eb\u2066c\u200fd', 'a\\u{202e}b\\u{2066}c\\u{200f}d'],
    ['\u2028\u2029\ufeff\u00ad\u200b', '\\u{2028}\\u{2029}\\u{feff}\\u{ad}\\u{200b}'],
    ['\ud800 \u{e0041}', '\\u{d800} \\u{e0041}'],
    ['purpose\ufe0f \u034f\u115f\u3164\u{e0100}', 'purpose\\u{fe0f} \\u{34f}\\u{115f}\\u{3164}\\u{e0100}'],
    ['a\u00a0b\u3000c d', 'a\\u{a0}b\\u{3000}c d'],
  ])('%j has nothing that acts on a terminal or hides', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('has no hidden code point of all that there are, also in JSON', () => {
    expect(HIDDEN.length).toBeGreaterThan(100_000);
    // Most of them have no meaning yet, or one of private use.
    const [meaningless, others] = [[], []] as [string[], string[]];
    for (const sign of HIDDEN) (/[\p{Cn}\p{Co}]/u.test(sign) ? meaningless : others).push(sign);
    const all = [...others, ...sampled(meaningless, 10_000, 'hidden')].join('');
    expect(printable(all)).toMatch(/^[ -~]+$/);
    expect(printableJson(all)).toMatch(/^[ -~]+$/);
    expect(JSON.parse(printableJson(all))).toBe(all);
  });

  it('ends where its quotation marks do', () => {
    expect(quoted('a" = "b\\')).toBe('"a\\" = \\"b\\\\"');
    expect(quoted('\u202e')).not.toBe(quoted('\\u{202e}'));
  });

  it('stays JSON', () => {
    const value = { 'a\u202e': ['\u009b\u001b\n', '\u2028', '\u{e0041}', 'ä🙂', '\ufe0f'] };
    const text = printableJson(value);
    expect(JSON.parse(text)).toEqual(value);
    expect(text).not.toMatch(/[^\P{C}\n]|[\p{Zl}\p{Zp}\p{DI}]/u);
    expect(text).toContain('ä🙂');
  });
});

describe('a name that anybody may have chosen', () => {
  it('is cut after 256 characters, and no character is cut in two', () => {
    expect(shortened('a'.repeat(256))).toBe('a'.repeat(256));
    expect(shortened('a'.repeat(257))).toBe(`${'a'.repeat(256)}…`);
    expect(shortened(`${'a'.repeat(255)}🙂`)).toBe(`${'a'.repeat(255)}…`);
    expect(shortened(`${'a'.repeat(254)}🙂b`)).toBe(`${'a'.repeat(254)}🙂…`);
  });

  it('is one of at most four in a list', () => {
    expect(listed(['a', 'b', 'c', 'd'], ', ')).toBe('a, b, c, d');
    expect(listed(['a', 'b', 'c', 'd', 'e'], ' and ')).toBe('a and b and c and 2 more');
    expect(listed([], ', ')).toBe('');
  });
});
