import { describe, expect, it } from 'vitest';
import { redactor } from '../../../src/keys/kms/redactor.js';

const VALUE = `/desk/al<ice>&"'é 🔑`;
const units = [...Array(VALUE.length).keys()].map((at) => VALUE.charCodeAt(at));

describe('what is redacted', () => {
  it.each([
    ['itself', VALUE],
    ['JSON', JSON.stringify(VALUE).slice(1, -1)],
    [
      'JSON in ASCII',
      JSON.stringify(VALUE)
        .slice(1, -1)
        .replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
    ],
    [
      'JSON that escapes all signs',
      units
        .map((unit) =>
          /[a-z]/.test(String.fromCharCode(unit))
            ? String.fromCharCode(unit)
            : `\\u${unit.toString(16).toUpperCase().padStart(4, '0')}`,
        )
        .join(''),
    ],
    ['HTML', '/desk/al&lt;ice&gt;&amp;&quot;&#39;é 🔑'],
    ['HTML with numbers', '&#47;desk/al&#x3C;ice&#62;&#038;&#34;&apos;&#xe9; &#128273;'],
    ['a path of a URL', encodeURIComponent(VALUE)],
    ['a path of a URL in lower case', encodeURIComponent(VALUE).replace(/%../g, (c) => c.toLowerCase())],
    ['a query of a URL', new URLSearchParams({ '': VALUE }).toString().slice(1)],
  ])('is a value as %s', (_, written) => {
    expect(redactor([VALUE])(`<${written}>`)).toBe('<[redacted]>');
  });

  it('is a value of 6 characters also within a word, and a shorter one as a word of its own', () => {
    const redact = redactor(['4711-x', 'short']);
    expect(redact('x4711-xy _4711-x_ shorter short _short_')).toBe(
      'x[redacted]y _[redacted]_ shorter [redacted] _[redacted]_',
    );
  });

  it('is nothing where there are no values', () => {
    expect(redactor([])('a text')).toBe('a text');
    expect(redactor([''])('a text')).toBe('a text');
  });

  it('is found soon in a text that nearly is the value, many times over', () => {
    for (const sign of ['&', '%', '"', ' ', '\\']) {
      const text = `${sign}&amp;%25`.repeat(2_000);
      expect(redactor([`${sign.repeat(2_000)}!`])(text)).toBe(text);
    }
  });
});
