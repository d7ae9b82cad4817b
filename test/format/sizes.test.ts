import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SizedHeader } from '../../src/format/sizes.js';
import { openedSize, sealedSize } from '../../src/format/sizes.js';
import { failure } from '../reference/failure.js';

const header = (frameSize: number, preambleSize = 1_200): SizedHeader => ({
  layout: 'fixed',
  frameSize,
  preambleSize,
});

/** The size of the frames of a stream, by counting them. */
function byCounting(plaintext: number, frameSize: number): number {
  let size = 0;
  let left = plaintext;
  for (; left >= frameSize; left -= frameSize) size += frameSize + 16;
  return size + left + 16;
}

describe('the size of a sealed stream', () => {
  it('is the sum of its parts, for every size of plaintext', () => {
    for (const frameSize of [8, 4_096]) {
      const sizes = Array.from({ length: 40 }, (_, i) => i);
      for (const frames of [1, 2, 3, 10]) sizes.push(...[-1, 0, 1].map((by) => frames * frameSize + by));
      for (const size of sizes) {
        expect(sealedSize(size, header(frameSize))).toBe(1_200 + byCounting(size, frameSize));
      }
    }
  });

  it('goes back to the size of the plaintext', () => {
    const cases = fc.record({
      size: fc.maxSafeNat().map((n) => n % (2 ** 44 - 4_096)),
      frameSize: fc.integer({ min: 12, max: 20 }).map((log2) => 2 ** log2),
      preambleSize: fc.integer({ min: 86, max: 131_156 }),
    });
    fc.assert(
      fc.property(cases, ({ size, frameSize, preambleSize }) => {
        const sized = header(frameSize, preambleSize);
        expect(openedSize(sealedSize(size, sized), sized)).toBe(size);
      }),
    );
  });

  it('is the size of a stream for one in which the last frame has at least its tag, and for no other', () => {
    const frameSize = 32;
    const legal = new Set(Array.from({ length: 500 }, (_, size) => 100 + byCounting(size, frameSize)));
    for (let size = 0; size < 600; size++) {
      if (legal.has(size)) {
        expect(100 + byCounting(openedSize(size, header(frameSize, 100)), frameSize)).toBe(size);
      } else {
        const error = failure(() => openedSize(size, header(frameSize, 100)));
        expect(error).toBeInstanceOf(RangeError);
        expect(error.code).toBe('ERR_SEALPIPE_OPTIONS');
      }
    }
  });
});

describe('the largest stream', () => {
  it.each([12, 13, 16, 17, 18])(
    'of frames of 2^%i bytes ends with the last frame that has a number',
    (log2) => {
      const frameSize = 2 ** log2;
      const most = (2 ** 32 - 1) * frameSize - 1;
      const sized = header(frameSize, 0);
      expect(sealedSize(most, sized)).toBe(most + 16 * (2 ** 32 - 1));
      expect(openedSize(sealedSize(most, sized), sized)).toBe(most);
      expect(failure(() => sealedSize(most + 1, sized)).code).toBe('ERR_SEALPIPE_OPTIONS');
      expect(failure(() => openedSize(most + 1 + 16 * 2 ** 32, sized)).code).toBe('ERR_SEALPIPE_OPTIONS');
    },
  );

  it.each([19, 20])('of frames of 2^%i bytes has 2^50 bytes of plaintext', (log2) => {
    const sized = header(2 ** log2, 0);
    const sealed = 2 ** 50 + 16 * (2 ** (50 - log2) + 1);
    expect(sealedSize(2 ** 50, sized)).toBe(sealed);
    expect(openedSize(sealed, sized)).toBe(2 ** 50);
    expect(failure(() => sealedSize(2 ** 50 + 1, sized)).code).toBe('ERR_SEALPIPE_OPTIONS');
    expect(failure(() => openedSize(sealed + 1, sized)).code).toBe('ERR_SEALPIPE_OPTIONS');
  });
});

describe('a size that cannot be', () => {
  it.each([
    [-1],
    [0.5],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [2 ** 53],
    ['5'],
    [5n],
    [null],
    [undefined],
  ])('is a RangeError: %s', (size) => {
    for (const call of [sealedSize, openedSize]) {
      const error = failure(() => call(size as number, header(4_096, 0)));
      expect(error).toBeInstanceOf(RangeError);
      expect(error.code).toBe('ERR_SEALPIPE_OPTIONS');
    }
  });

  it.each([[undefined], [null], [5], [{}]])('is a TypeError without a header: %s', (given) => {
    for (const call of [sealedSize, openedSize]) {
      const error = failure(() => call(5_000, given as unknown as SizedHeader));
      expect(error).toBeInstanceOf(TypeError);
      expect(error.code).toBe('ERR_SEALPIPE_OPTIONS');
    }
  });

  it('is any size of the record layout', () => {
    const record: SizedHeader = { layout: 'record', frameSize: 4_096, preambleSize: 1_200 };
    for (const call of [sealedSize, openedSize]) {
      const error = failure(() => call(5_000, record));
      expect(error).toBeInstanceOf(RangeError);
      expect(error.code).toBe('ERR_SEALPIPE_OPTIONS');
      expect(error.message).toContain('record');
    }
  });
});
