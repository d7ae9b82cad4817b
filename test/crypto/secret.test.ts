import { describe, expect, it } from 'vitest';
import { equalSecrets } from '../../src/crypto/secret.js';

describe('two secrets', () => {
  it.each([
    ['', '', true],
    ['00', '00', true],
    ['00ff', '00ff', true],
    ['00ff', '01ff', false],
    ['00ff', '00fe', false],
    ['00', '0000', false],
    ['', '00', false],
  ])('%j and %j are equal: %s', (a, b, equal) => {
    expect(equalSecrets(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'))).toBe(equal);
  });
});
