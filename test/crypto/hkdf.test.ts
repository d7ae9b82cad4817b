import { hkdfSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hkdf, hkdfExpand, hkdfExtract } from '../../src/crypto/hkdf.js';
import { failure } from '../reference/failure.js';
import { sharedVectors } from '../support/shared-vectors.js';

interface HkdfGroup {
  readonly tests: readonly {
    readonly tcId: number;
    readonly ikm: string;
    readonly salt: string;
    readonly info: string;
    readonly size: number;
    readonly okm: string;
    readonly result: string;
  }[];
}

describe('HKDF-SHA-512', () => {
  it('does with every Wycheproof vector what it should', (context) => {
    const tests = sharedVectors<HkdfGroup>(context, 'hkdf_sha512_test.json').testGroups.flatMap(
      (group) => group.tests,
    );
    const counts = { valid: 0, invalid: 0 };
    const wrong: number[] = [];
    for (const { tcId, size, result, ...test } of tests) {
      const [ikm, salt, info] = [test.ikm, test.salt, test.info].map((hex) => Buffer.from(hex, 'hex')) as [
        Buffer,
        Buffer,
        Buffer,
      ];
      if (result === 'valid') {
        counts.valid += 1;
        if (!hkdf(ikm, salt, info, size).equals(Buffer.from(test.okm, 'hex'))) wrong.push(tcId);
      } else {
        counts.invalid += 1;
        expect(failure(() => hkdf(ikm, salt, info, size))).toBeInstanceOf(RangeError);
      }
    }
    expect(wrong).toEqual([]);
    expect(counts.valid).toBeGreaterThanOrEqual(70);
    expect(counts.invalid).toBeGreaterThanOrEqual(3);
  });

  it("is node:crypto's, wherever that takes the info", () => {
    const cases = fc.tuple(
      fc.uint8Array({ minLength: 1, maxLength: 100 }),
      fc.uint8Array({ maxLength: 200 }),
      fc.uint8Array({ maxLength: 1_024 }),
      fc.constantFrom(1, 28, 44, 63, 64, 65, 128, 129, 1_000, 16_320),
    );
    fc.assert(
      fc.property(cases, ([ikm, salt, info, length]) => {
        expect(
          hkdf(ikm, salt, info, length).equals(Buffer.from(hkdfSync('sha512', ikm, salt, info, length))),
        ).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('takes an info that node:crypto refuses', () => {
    const info = Buffer.alloc(2_200, 7);
    expect(hkdf(Buffer.of(1), Buffer.of(2), info, 44)).toHaveLength(44);
    expect(
      hkdf(Buffer.of(1), Buffer.of(2), info, 44).equals(
        hkdf(Buffer.of(1), Buffer.of(2), info.subarray(1), 44),
      ),
    ).toBe(false);
  });

  it('gives 255 blocks and not one byte more', () => {
    const key = hkdfExtract(Buffer.of(1), Buffer.of(2));
    expect(hkdfExpand(key, Buffer.of(3), 255 * 64)).toHaveLength(16_320);
    expect(failure(() => hkdfExpand(key, Buffer.of(3), 255 * 64 + 1))).toBeInstanceOf(RangeError);
  });

  it('gives memory of its own: what is wiped is not wiped elsewhere', () => {
    const first = hkdf(Buffer.of(1), Buffer.of(2), Buffer.of(3), 32);
    const copy = Buffer.from(first);
    const second = hkdf(Buffer.of(1), Buffer.of(2), Buffer.of(3), 32);
    first.fill(0);
    expect(second.equals(copy)).toBe(true);
  });
});
