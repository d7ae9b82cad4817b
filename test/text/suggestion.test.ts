import { describe, expect, it } from 'vitest';
import { suggestion } from '../../src/text/suggestion.js';

describe('a suggestion', () => {
  it.each([
    ['encrpyt', 'encrypt'],
    ['--ouput', '--output'],
    ['--expected', '--expected-size'],
    ['nonsense', undefined],
    ['x', undefined],
    ['Encrypt', 'encrypt'],
    ['size', '--expected-size'],
    ['it', undefined],
    ['', undefined],
    ['e'.repeat(100_000), undefined],
  ])('for %s is %s', (given, meant) => {
    expect(suggestion(given, ['encrypt', 'decrypt', '--output', '--expected-size', 'kms'])).toBe(meant);
  });
});
