import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NonceSequence } from '../../src/crypto/nonce.js';

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
/** FORMAT 6 over one big number. */
const byBigInt = (base: Uint8Array, index: number) =>
  (BigInt(`0x${hexOf(base)}`) ^ BigInt(index)).toString(16).padStart(base.length * 2, '0');

describe('the nonce of a frame', () => {
  it.each([
    ['000102030405060708090a0b', 0, '000102030405060708090a0b'],
    ['000102030405060708090a0b', 1, '000102030405060708090a0a'],
    ['000000000000000000000000', 0x01020304, '000000000000000001020304'],
    ['000000000000000000000000', 2 ** 31, '000000000000000080000000'],
    ['000000000000000000000000', 2 ** 32 - 2, '0000000000000000fffffffe'],
    ['ffffffffffffffffffffffff', 0, 'ffffffffffffffffffffffff'],
    ['ffffffffffffffffffffffff', 1, 'fffffffffffffffffffffffe'],
    ['ffffffffffffffffffffffff', 2 ** 31 - 1, 'ffffffffffffffff80000000'],
    ['ffffffffffffffffffffffff', 2 ** 31, 'ffffffffffffffff7fffffff'],
    ['ffffffffffffffffffffffff', 2 ** 32 - 2, 'ffffffffffffffff00000001'],
    ['aabbccddeeff0011ffffffff', 256, 'aabbccddeeff0011fffffeff'],
  ])('of base %s and index %i is %s', (base, index, nonce) => {
    expect(hexOf(new NonceSequence(Buffer.from(base, 'hex')).at(index))).toBe(nonce);
  });

  it('is the base XOR the index, in any order of asking', () => {
    const cases = fc.tuple(
      fc.uint8Array({ minLength: 12, maxLength: 12 }),
      fc.array(fc.nat({ max: 2 ** 32 - 2 })),
    );
    fc.assert(
      fc.property(cases, ([base, indexes]) => {
        const nonces = new NonceSequence(base);
        for (const index of indexes) expect(hexOf(nonces.at(index))).toBe(byBigInt(base, index));
      }),
    );
  });

  it('is never the same for two frames', () => {
    const nonces = new NonceSequence(Buffer.from('00000000fffffffff0f0f0f0', 'hex'));
    const seen = new Set<string>();
    for (let index = 0; index < 5_000; index++) seen.add(hexOf(nonces.at(index)));
    for (let index = 2 ** 32 - 5_001; index < 2 ** 32 - 1; index++) seen.add(hexOf(nonces.at(index)));
    expect(seen.size).toBe(10_000);
  });

  it("does not depend on the caller's memory", () => {
    const base = Buffer.alloc(12, 0x11);
    const nonces = new NonceSequence(base);
    base.fill(0xee);
    nonces.at(5).fill(0, 8);
    expect(hexOf(nonces.at(0))).toBe('11'.repeat(12));
    expect(hexOf(base)).toBe('ee'.repeat(12));
  });
});
