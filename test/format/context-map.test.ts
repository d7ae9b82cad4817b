import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBound, encodeBound } from '../../src/format/bound.js';
import { canonicalContext } from '../../src/format/encryption-context.js';
import { loadPackWriter } from '../../src/format/pack-writer.js';
import { anyText } from '../reference/any-text.js';
import { codeOf } from '../reference/failure.js';
import { hex, looseMap, looseStr, looseUint } from '../reference/loose-pack.js';
import { boundOfContext } from '../reference/sections.js';

await loadPackWriter();

const read = (bytes: Uint8Array) => decodeBound(bytes, bytes.length)!.context!;
const created = ['created', looseUint(1)] as const;

describe('the context map of a stream', () => {
  it('is what the writer meant, byte for byte', () => {
    const contexts = fc.dictionary(anyText(1), anyText(), { maxKeys: 12 });
    fc.assert(
      fc.property(contexts, (given) => {
        const context = canonicalContext(given);
        const back = read(encodeBound({ context, created: 1 }));
        expect(Buffer.compare(back.contextBytes, context.contextBytes)).toBe(0);
        expect(back.encryptionContext).toEqual(context.encryptionContext);
      }),
    );
  });

  it.each([
    [
      'another order',
      [
        ['b', ''],
        ['a', ''],
      ],
    ],
    [
      'a longer key before its prefix',
      [
        ['ab', ''],
        ['a', ''],
      ],
    ],
    [
      'the order of UTF-16',
      [
        ['\u{10000}', ''],
        ['\ufffd', ''],
      ],
    ],
    [
      'the order of numbers',
      [
        ['2', ''],
        ['10', ''],
      ],
    ],
    [
      'a key twice',
      [
        ['a', '1'],
        ['a', '2'],
      ],
    ],
    ['an empty key', [['', 'x']]],
    ['a surrogate in a key', [[hex('eda080'), 'x']]],
    ['a surrogate in a value', [['a', hex('edb080')]]],
    ['an overlong value', [['a', hex('c080')]]],
  ] as [string, [string, string][]][])('is refused with %s', (_, pairs) => {
    expect(codeOf(() => read(boundOfContext(...pairs)))).toBe('ERR_SEALPIPE_FORMAT');
  });

  it.each([
    ['nil', hex('c0')],
    ['a number', looseUint(1)],
    ['a binary', hex('c4 01 61')],
    ['a map', looseMap([])],
  ])('holds strings, not %s', (_, value) => {
    const bytes = looseMap([['context', looseMap([['a', value]])], created]);
    expect(codeOf(() => read(bytes))).toBe('ERR_SEALPIPE_FORMAT');
  });

  it('takes NFC and NFD for two keys', () => {
    expect(
      Object.keys(read(boundOfContext(['e\u0301', '1'], ['\u00e9', '2'])).encryptionContext),
    ).toHaveLength(2);
  });

  it('keeps a leading U+FEFF in front of more than 64 bytes', () => {
    const long = `\ufeff${'x'.repeat(100)}`;
    expect(read(boundOfContext([long, long])).encryptionContext[long]).toBe(long);
  });

  it('may take 8,192 canonical bytes, and not one more', () => {
    const fits = 8_192 - 4 - 8 - 1;
    expect(read(boundOfContext(['k', 'x'.repeat(fits)])).contextBytes).toHaveLength(8_192);
    expect(codeOf(() => read(boundOfContext(['k', 'x'.repeat(fits + 1)])))).toBe('ERR_SEALPIPE_FORMAT');
    expect(read(boundOfContext(['x'.repeat(fits + 1), ''])).contextBytes).toHaveLength(8_192);
    expect(codeOf(() => read(boundOfContext(['x'.repeat(fits + 2), ''])))).toBe('ERR_SEALPIPE_FORMAT');
    // Two pairs: 4 + 8 + 1 + n + 8 + 1 + 0.
    expect(read(boundOfContext(['a', 'x'.repeat(8_170)], ['b', ''])).contextBytes).toHaveLength(8_192);
    expect(codeOf(() => read(boundOfContext(['a', 'x'.repeat(8_171)], ['b', ''])))).toBe(
      'ERR_SEALPIPE_FORMAT',
    );
    expect(codeOf(() => read(boundOfContext(['a', 'x'.repeat(8_170)], ['b', 'y'])))).toBe(
      'ERR_SEALPIPE_FORMAT',
    );
    expect(
      codeOf(() => read(boundOfContext(['a', 'x'.repeat(8_178)], ['b', '']))),
      'no room for a second',
    ).toBe('ERR_SEALPIPE_FORMAT');
  });

  it('of many pairs is held to the same size', () => {
    const pairs = Array.from({ length: 745 }, (_, i) => [String(100 + i), ''] as const);
    expect(read(boundOfContext(...pairs.slice(0, 744))).contextBytes).toHaveLength(8_188);
    expect(codeOf(() => read(boundOfContext(...pairs)))).toBe('ERR_SEALPIPE_FORMAT');
  });
});

describe('the beginning of a context map', () => {
  const prefixOutcome = (bytes: Uint8Array, cut: number) =>
    codeOf(() => expect(decodeBound(bytes.subarray(0, cut), bytes.length)).toBeUndefined());

  it('is refused at the byte of a key that comes too early in the order', () => {
    const bytes = boundOfContext(['bbb', ''], ['bba', '']);
    const at = bytes.indexOf('bba') + 3;
    expect(prefixOutcome(bytes, at - 1)).toBeUndefined();
    expect(prefixOutcome(bytes, at)).toBe('ERR_SEALPIPE_FORMAT');
  });

  it('is held to 8,192 bytes by what is used so far, not by what later values will need', () => {
    const used = boundOfContext(['a', 'x'.repeat(8_160)], ['b', '']); // 4 + 8 + 1 + 8,160 for the first
    const before = used.subarray(0, used.length - 3 - 8 - 5);
    const begun = (head: string) => codeOf(() => decodeBound(Buffer.concat([before, hex(head)]), 20_000));
    expect(begun('af')).toBeUndefined(); // a key of 15: 8,192 in all, and no room for its value
    expect(begun('b0')).toBe('ERR_SEALPIPE_FORMAT');
    expect(begun(`aa ${'62'.repeat(10)} a1`)).toBeUndefined();
    expect(begun(`aa ${'62'.repeat(10)} a2`)).toBe('ERR_SEALPIPE_FORMAT');
    expect(begun(`ac ${'62'.repeat(12)}`)).toBeUndefined();
    expect(begun(`ac ${'62'.repeat(12)} a0`)).toBe('ERR_SEALPIPE_FORMAT');
    expect(begun('d9')).toBe('ERR_SEALPIPE_FORMAT');
  });

  it('may count more pairs than 8,192 bytes hold, until one of them has no room', () => {
    const head = Buffer.concat([hex('82'), looseStr('context'), hex('de 038e')]); // 910 pairs of 9 bytes
    const pairs = Array.from({ length: 910 }, (_, i) =>
      looseMap([[String.fromCharCode(i + 0x100), looseStr('')]]).subarray(1),
    );
    const begun = (count: number) => () =>
      decodeBound(Buffer.concat([head, ...pairs.slice(0, count)]), 60_000);
    expect(begun(0)()).toBeUndefined();
    expect(begun(818)()).toBeUndefined(); // 818 pairs of 10 bytes
    expect(codeOf(begun(819))).toBe('ERR_SEALPIPE_FORMAT');
  });

  it('is legal at every cut while its pairs are', () => {
    const bytes = boundOfContext(['a', 'é'], ['ab', '\u{1f600}'], ['b', '']);
    for (let cut = 0; cut < bytes.length; cut++) expect(prefixOutcome(bytes, cut)).toBeUndefined();
  });
});
