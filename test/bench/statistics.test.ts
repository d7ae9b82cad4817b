import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairedRatio, quantile, ratios, relativeError, spread } from '../../bench/statistics.mjs';

const numbers = fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 });

describe('a quantile', () => {
  it.each([
    [[3, 1, 2], 0.5, 2],
    [[4, 1, 3, 2], 0.5, 2.5],
    [[10, 20], 0.25, 12.5],
    [[1, 2, 3, 4, 5], 0, 1],
    [[1, 2, 3, 4, 5], 1, 5],
    [[7], 0.05, 7],
  ])('of %j at %d is %d', (values, share, expected) => expect(quantile(values, share)).toBe(expected));

  it('of nothing is no number', () => expect(quantile([], 0.5)).toBeNaN());

  it('leaves the values in their order', () => {
    const values = [3, 1, 2];
    quantile(values, 0.5);
    expect(values).toEqual([3, 1, 2]);
  });

  it('lies within the values and grows with its share', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const { median: middle, low, high } = spread(values);
        expect(low).toBeGreaterThanOrEqual(Math.min(...values));
        expect(low).toBeLessThanOrEqual(middle);
        expect(middle).toBeLessThanOrEqual(high);
        expect(high).toBeLessThanOrEqual(Math.max(...values));
      }),
    );
  });
});

describe('the error of a median', () => {
  it('is zero where all values are the same', () => expect(relativeError([2, 2, 2, 2])).toBe(0));

  it('does not depend on the unit', () => {
    const values = [1, 1.1, 0.9, 1.2, 1.05];
    expect(relativeError(values.map((value) => value * 1000))).toBeCloseTo(relativeError(values), 12);
  });

  it('is not widened by one run that was held up', () => {
    const steady = [1, 1.01, 0.99, 1.02, 0.98, 1.01, 0.99];
    const heldUp = [1, 1.01, 0.99, 1.02, 0.98, 1.01, 0.01];
    expect(relativeError(heldUp)).toBeLessThan(2 * relativeError(steady));
  });

  it('shrinks with the square root of their number', () => {
    const few = [0.9, 0.95, 1, 1.05, 1.1];
    const many = Array.from({ length: 16 }, () => few).flat();
    expect(relativeError(many)).toBeCloseTo(relativeError(few) / 4, 2);
  });
});

describe('ratios', () => {
  it('are taken pair by pair', () => expect(ratios([2, 9], [1, 3])).toEqual([2, 3]));

  it('of a machine that slows down midway stay what they were', () => {
    const a = [10, 10, 5, 5, 5];
    const b = [5, 5, 2.5, 2.5, 2.5];
    expect(pairedRatio(ratios(a, b))).toEqual({ ratio: 2, error: 0 });
  });
});
