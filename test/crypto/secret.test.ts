import { describe, expect, it } from 'vitest';
import { equalSecrets, wipe } from '../../src/crypto/secret.js';

describe('a wipe', () => {
  it('overwrites every secret it is given, views within their bounds, and passes over undefined', () => {
    const memory = Buffer.alloc(10, 0xff);
    const other = new Uint8Array(3).fill(1);
    wipe(memory.subarray(2, 5), undefined, other);
    expect(memory.toString('hex')).toBe('ffff000000ffffffffff');
    expect([...other]).toEqual([0, 0, 0]);
  });
});

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
