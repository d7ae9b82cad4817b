import { describe, expect, it } from 'vitest';
import type { ObjectOutput, ObjectRange } from '../../../src/s3/reading/object-pin.js';
import { answeredPart, isSamePin } from '../../../src/s3/reading/object-pin.js';

const ETag = '"e"';
const WHOLE: ObjectRange = { start: 0, end: undefined };

describe('an answer', () => {
  it.each<[string, ObjectOutput, ObjectRange, number]>([
    ['with the whole object', { ETag, ContentRange: 'bytes 0-8/9', ContentLength: 9 }, WHOLE, 9],
    ['without a range', { ETag, ContentLength: 9 }, WHOLE, 9],
    ['without a length', { ETag, ContentRange: 'bytes 0-8/9' }, WHOLE, 9],
    ['with a part', { ETag, ContentRange: 'bytes 3-5/9', ContentLength: 3 }, { start: 3, end: 6 }, 6],
    ['that ends with the object', { ETag, ContentRange: 'bytes 3-8/9' }, { start: 3, end: 99 }, 9],
  ])('%s is what was asked for', (_, output, asked, end) => {
    expect(answeredPart(output, asked)).toEqual({
      end,
      pin: { etag: ETag, versionId: undefined, size: 9 },
    });
  });

  it.each<[string, ObjectOutput, ObjectRange]>([
    ['no ETag', { ContentLength: 9 }, WHOLE],
    ['an empty ETag', { ETag: '', ContentLength: 9 }, WHOLE],
    ['no length', { ETag }, WHOLE],
    ['a negative length', { ETag, ContentLength: -1 }, WHOLE],
    ['a fraction of a byte', { ETag, ContentLength: 1.5 }, WHOLE],
    ['a length that is no number', { ETag, ContentLength: Number.NaN }, WHOLE],
    ['a total beyond counting', { ETag, ContentRange: 'bytes 0-9007199254740992/9007199254740993' }, WHOLE],
    ['a range that begins elsewhere', { ETag, ContentRange: 'bytes 1-8/9' }, WHOLE],
    ['a range that ends early', { ETag, ContentRange: 'bytes 0-7/9' }, WHOLE],
    ['a range that ends late', { ETag, ContentRange: 'bytes 3-6/9' }, { start: 3, end: 6 }],
    ['a range beyond the object', { ETag, ContentRange: 'bytes 0-9/9' }, WHOLE],
    ['an empty range', { ETag, ContentRange: 'bytes 3-2/9' }, { start: 3, end: 3 }],
    ['a range in other units', { ETag, ContentRange: 'lines 0-8/9' }, WHOLE],
    ['another length than that of its range', { ETag, ContentRange: 'bytes 0-8/9', ContentLength: 8 }, WHOLE],
  ])('with %s is refused', (_, output, asked) => {
    expect(() => answeredPart(output, asked)).toThrow(
      expect.objectContaining({ code: 'ERR_SEALPIPE_STORE' }),
    );
  });
});

it('two answers are about one state of an object if ETag, version and size are the same', () => {
  const pin = { etag: '"e"', versionId: undefined, size: 9 };
  expect(isSamePin(pin, { etag: 'e', versionId: 'null', size: 9 })).toBe(true);
  for (const other of [{ etag: '"f"' }, { versionId: 'v' }, { size: 8 }]) {
    expect(isSamePin(pin, { ...pin, ...other })).toBe(false);
    expect(isSamePin({ ...pin, ...other }, pin)).toBe(false);
  }
});
