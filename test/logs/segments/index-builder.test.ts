import { describe, expect, it } from 'vitest';
import { IndexBuilder } from '../../../src/logs/segments/index-builder.js';
import { decodeTimeIndex, encodeTimeIndex } from '../../../src/logs/units/time-index.js';
import { encodeIndexUnit } from '../../../src/logs/units/unit.js';

const MIB = 1_048_576;

describe('the index of a segment', () => {
  it.each([65_536, 131_072, MIB])(
    'fits into a frame of %i bytes, however many units there are',
    (frameSize) => {
      const builder = new IndexBuilder(frameSize);
      for (let i = 0; i < 100_000; i++) {
        builder.add(
          { frame: i, offset: i * MIB, records: 3 * i, first: 1_000 + i, last: 2_000 + i },
          i % 7 === 6,
        );
      }
      const index = builder.build(300_000)!;
      expect(encodeIndexUnit(index).length).toBeLessThanOrEqual(frameSize);
      const { entries } = decodeTimeIndex(Buffer.from(encodeTimeIndex(index)));
      expect(entries.length).toBeGreaterThan(500);
      expect(entries[0]).toMatchObject({ frame: 0, offset: 0, records: 0, first: 1_000 });
      // An entry is good up to the next one, and none begins within a line.
      const wrong = entries.filter(({ frame, first, last }, i) => {
        const next = entries[i + 1]?.frame ?? 100_000;
        return frame % 7 === 6 || first !== 1_000 + frame || last !== 1_999 + next;
      });
      expect(wrong).toEqual([]);
      expect(builder.range).toEqual({ first: 1_000, last: 101_999 });
    },
  );

  it('is not there without a unit', () => {
    const builder = new IndexBuilder(65_536);
    expect(builder.build(0)).toBeUndefined();
    expect(builder.range).toEqual({ first: 0, last: 0 });
  });
});
