import { describe, expect, it } from 'vitest';
import { printable, printableJson, quoted, shellQuoted } from '../../../src/cli/say/printable.js';

describe('what is shown', () => {
  it.each([
    ['plain äöü 漢字 🙂', 'plain äöü 漢字 🙂'],
    ['\u001b[2J\r\n\t\0\u007f', '\\u{1b}[2J\\u{d}\\u{a}\\u{9}\\u{0}\\u{7f}'],
    ['\u009b31m', '\\u{9b}31m'],
    ['a\u202eb\u2066c\u200fd', 'a\\u{202e}b\\u{2066}c\\u{200f}d'],
    ['\u2028\u2029\ufeff\u00ad\u200b', '\\u{2028}\\u{2029}\\u{feff}\\u{ad}\\u{200b}'],
    ['\ud800 \u{e0041}', '\\u{d800} \\u{e0041}'],
  ])('%j has nothing that acts on a terminal', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('ends where its quotation marks do', () => {
    expect(quoted('a" = "b\\')).toBe('"a\\" = \\"b\\\\"');
  });

  it('stays JSON', () => {
    const value = { 'a\u202e': ['\u009b\u001b\n', '\u2028', '\u{e0041}', 'ä🙂'] };
    const text = printableJson(value);
    expect(JSON.parse(text)).toEqual(value);
    expect(text).not.toMatch(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/u);
    expect(text).toContain('ä🙂');
  });

  it('can be pasted into a shell', () => {
    expect(shellQuoted('/a/b-c_d.e')).toBe('/a/b-c_d.e');
    expect(shellQuoted("/a b/it's $HOME")).toBe(`'/a b/it'\\''s $HOME'`);
  });
});
