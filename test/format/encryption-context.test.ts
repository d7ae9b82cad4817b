import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalContext, includesContext } from '../../src/format/encryption-context.js';
import { anyText } from '../reference/any-text.js';
import { codeOf, failure } from '../reference/failure.js';

/** The keys of a context in the order of its canonical bytes, read back without the code under test. */
function orderOf(context: object): string[] {
  const { contextBytes } = canonicalContext(context);
  const view = Buffer.from(contextBytes);
  const strings: string[] = [];
  for (let at = 4; at < view.length; ) {
    const length = view.readUInt32BE(at);
    strings.push(view.toString('utf8', at + 4, at + 4 + length));
    at += 4 + length;
  }
  expect(strings).toHaveLength(2 * view.readUInt32BE(0));
  return strings.filter((_, i) => i % 2 === 0);
}

describe('the canonical bytes of an encryption context', () => {
  it('are four zeros for the empty one', () => {
    expect(Buffer.from(canonicalContext({}).contextBytes).toString('hex')).toBe('00000000');
  });

  it('are count, then key and value with their lengths, as FORMAT 4 has them', () => {
    const { contextBytes } = canonicalContext({ b: 'é', a: '' });
    expect(Buffer.from(contextBytes).toString('hex')).toBe(
      '00000002' + '0000000161' + '00000000' + '0000000162' + '00000002c3a9',
    );
  });

  it.each([
    ['numbers as bytes, not as numbers', ['10', '2', '-'], ['-', '10', '2']],
    ['a prefix first', ['ab', 'a', 'b'], ['a', 'ab', 'b']],
    [
      'an astral character behind U+FFFD (UTF-16 has it before)',
      ['\u{10000}', '\ufffd'],
      ['\ufffd', '\u{10000}'],
    ],
    ['capitals before small letters', ['a', 'B'], ['B', 'a']],
    ['U+0000 before all', ['\u0001', '\0'], ['\0', '\u0001']],
    ['U+FEFF where its bytes are', ['\ufeff', 'z', '\ufff0'], ['z', '\ufeff', '\ufff0']],
    [
      '`__proto__` as any other',
      ['a', 'constructor', '__proto__', 'A'],
      ['A', '__proto__', 'a', 'constructor'],
    ],
  ])('order %s', (_, keys, expected) => {
    const context = Object.create(null);
    for (const key of keys) context[key] = 'v';
    expect(orderOf(context)).toEqual(expected);
  });

  it('do not depend on the order in which the caller wrote the pairs', () => {
    const contexts = fc.dictionary(anyText(1), anyText(), { maxKeys: 12 });
    fc.assert(
      fc.property(contexts, (context) => {
        const reversed = Object.fromEntries(Object.entries(context).reverse());
        expect(canonicalContext(reversed)).toEqual(canonicalContext(context));
        const bytewise = Object.keys(context).sort((a, b) => Buffer.from(a).compare(Buffer.from(b)));
        expect(orderOf(context)).toEqual(bytewise);
      }),
    );
  });

  it('are taken without normalisation', () => {
    const composed = canonicalContext({ k: '\u00e9' }).contextBytes;
    const decomposed = canonicalContext({ k: 'e\u0301' }).contextBytes;
    expect(Buffer.compare(composed, decomposed)).not.toBe(0);
    expect(orderOf({ '\u00e9': '', 'e\u0301': '' })).toEqual(['e\u0301', '\u00e9']);
  });

  it('keep a leading U+FEFF, before few bytes and before many', () => {
    for (const rest of ['', 'x', 'x'.repeat(63), 'x'.repeat(64), 'x'.repeat(500)]) {
      const key = `\ufeff${rest}`;
      expect(orderOf({ [key]: 'v' })).toEqual([key]);
      expect(canonicalContext({ k: key }).encryptionContext.k).toBe(key);
    }
  });

  it('may be 8,192 in number, and not one more', () => {
    const fits = 8_192 - 4 - 8 - 1;
    expect(canonicalContext({ k: 'x'.repeat(fits) }).contextBytes).toHaveLength(8_192);
    expect(codeOf(() => canonicalContext({ k: 'x'.repeat(fits + 1) }))).toBe('ERR_SEALPIPE_CONTEXT');
    expect(codeOf(() => canonicalContext({ k: `${'x'.repeat(fits - 1)}é` }))).toBe('ERR_SEALPIPE_CONTEXT');
    const pairs = Array.from({ length: 745 }, (_, i) => [String(100 + i), '']);
    expect(canonicalContext(Object.fromEntries(pairs.slice(0, 744))).contextBytes).toHaveLength(8_188);
    expect(codeOf(() => canonicalContext(Object.fromEntries(pairs)))).toBe('ERR_SEALPIPE_CONTEXT');
  });
});

describe('the map of an encryption context', () => {
  it('has no prototype, and cannot be changed', () => {
    const { encryptionContext } = canonicalContext({ a: 'b' });
    expect(Object.getPrototypeOf(encryptionContext)).toBeNull();
    expect(Object.isFrozen(encryptionContext)).toBe(true);
  });

  it('holds `__proto__` and `constructor` as pairs, and pollutes nothing', () => {
    const context = JSON.parse('{"__proto__":"evil","constructor":"c"}');
    const { encryptionContext } = canonicalContext(context);
    expect(Object.entries(encryptionContext)).toEqual([
      ['__proto__', 'evil'],
      ['constructor', 'c'],
    ]);
    expect(Object.getPrototypeOf(encryptionContext)).toBeNull();
    expect(({} as { evil?: string }).evil).toBeUndefined();
  });

  it('takes nothing from a polluted Object.prototype', () => {
    const prototype = Object.prototype as { polluted?: string };
    prototype.polluted = 'yes';
    try {
      expect(orderOf({ a: 'b' })).toEqual(['a']);
      expect(includesContext({ a: 'b' }, { polluted: 'yes' })).toBe(false);
    } finally {
      delete prototype.polluted;
    }
  });

  it('is a copy: a later change by the caller is not seen', () => {
    const mine: Record<string, string> = { a: 'b' };
    const { encryptionContext } = canonicalContext(mine);
    mine.a = 'c';
    expect(encryptionContext.a).toBe('b');
  });
});

describe('what is no encryption context', () => {
  class Custom {
    a = 'b';
  }
  it.each([
    ['undefined', undefined],
    ['null', null],
    ['a string', 'a=b'],
    ['a number', 5],
    ['an array', ['a', 'b']],
    ['a Map', new Map([['a', 'b']])],
    ['a Date', new Date(0)],
    ['a Buffer', Buffer.from('ab')],
    ['a function', () => {}],
    ['an instance of a class', new Custom()],
    ['a number for a value', { a: 1 }],
    ['null for a value', { a: null }],
    ['undefined for a value', { a: undefined }],
    ['a String object for a value', { a: Object('b') }],
    ['an empty key', { '': 'b' }],
    ['a symbol for a key', { [Symbol('a')]: 'b' }],
    ['a lone high surrogate in a value', { a: 'x\ud800' }],
    ['a lone low surrogate in a value', { a: '\udc00x' }],
    ['surrogates in the wrong order', { a: '\udc00\ud800' }],
    ['a lone surrogate in a key', { 'a\ud83d': 'b' }],
  ])('is refused: %s', (_, context) => {
    const error = failure(() => canonicalContext(context));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.code).toBe('ERR_SEALPIPE_CONTEXT');
  });

  it('is told by its key, and never by its value', () => {
    const error = failure(() => canonicalContext({ 'the-key': `secret-value\ud800` }));
    expect(error.message).toContain('the-key');
    expect(error.message).not.toContain('secret-value');
    expect(failure(() => canonicalContext({ k: 'secret'.repeat(2_000) })).message).not.toContain('secret');
  });
});

describe('a required context', () => {
  it('is included when every pair of it is there', () => {
    const context = canonicalContext({ a: '1', b: '2', ['__proto__']: 'p' }).encryptionContext;
    expect(includesContext(context, {})).toBe(true);
    expect(includesContext(context, { b: '2' })).toBe(true);
    expect(includesContext(context, { b: '1' })).toBe(false);
    expect(includesContext(context, { a: '1', c: '3' })).toBe(false);
    expect(includesContext({}, canonicalContext({ toString: 'x' }).encryptionContext)).toBe(false);
  });
});
