import { describe, expect, it } from 'vitest';
import { IndexCheck } from '../../../src/logs/proof/index-check.js';
import type { IndexEntry } from '../../../src/logs/units/time-index.js';
import type { IndexUnit, LinesUnit } from '../../../src/logs/units/unit.js';

/** The check of a segment with three units: two lines, the rest of a long line, and another line. */
function checkOfThree(): IndexCheck {
  const check = new IndexCheck();
  const unit = (first: number, last: number, continued: boolean) =>
    ({ type: 'lines', first, last, continued }) as LinesUnit;
  check.add({ unit: unit(10, 19, false), frame: 0, offset: 0 }, 0);
  check.add({ unit: unit(20, 29, true), frame: 1, offset: 100 }, 2);
  check.add({ unit: unit(30, 39, false), frame: 2, offset: 200 }, 3);
  return check;
}

const FIRST: IndexEntry = { frame: 0, offset: 0, records: 0, first: 10, last: 29 };
const SECOND: IndexEntry = { frame: 2, offset: 200, records: 3, first: 30, last: 39 };

function assertRight(entries: readonly IndexEntry[], records = 4, lines = 4): void {
  checkOfThree().assertRight({ type: 'index', first: 10, last: 39, entries, records } as IndexUnit, lines);
}

describe('a time index', () => {
  it('may have an entry for each unit or for several', () => {
    assertRight([FIRST, SECOND]);
    assertRight([{ ...FIRST, last: 39 }]);
  });

  it.each<[string, readonly IndexEntry[]]>([
    ['another frame', [FIRST, { ...SECOND, frame: 1 }]],
    ['another offset', [FIRST, { ...SECOND, offset: 201 }]],
    ['another number of lines before a unit', [FIRST, { ...SECOND, records: 2 }]],
    ['an earlier time', [FIRST, { ...SECOND, first: 29 }]],
    ['a later time', [FIRST, { ...SECOND, last: 40 }]],
    [
      'an entry in the middle of a line',
      [
        { ...FIRST, last: 19 },
        { frame: 1, offset: 100, records: 2, first: 20, last: 39 },
      ],
    ],
  ])('with %s is refused', (_, entries) => {
    expect(() => assertRight(entries)).toThrow(expect.objectContaining({ code: 'ERR_SEALPIPE_FORMAT' }));
  });

  it('with another number of lines than the segment has is refused', () => {
    for (const records of [3, 5]) {
      expect(() => assertRight([FIRST, SECOND], records)).toThrow(
        expect.objectContaining({ code: 'ERR_SEALPIPE_FORMAT' }),
      );
    }
  });
});
