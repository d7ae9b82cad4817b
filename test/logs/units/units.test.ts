import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Compression } from '../../../src/logs/units/coding.js';
import { hasZstd } from '../../../src/logs/units/coding.js';
import type { ControlRecord } from '../../../src/logs/units/control-record.js';
import { LineJoiner } from '../../../src/logs/units/line-joiner.js';
import type { LinesUnit } from '../../../src/logs/units/unit.js';
import { decodeUnit, encodeControlUnit, encodeIndexUnit, encodeLines } from '../../../src/logs/units/unit.js';
import { runs } from '../../support/sample.js';

const COMPRESSIONS: readonly (Compression | undefined)[] = [
  undefined,
  { coding: 'gzip', level: 1 },
  ...(hasZstd ? [{ coding: 'zstd', level: 1 } as const] : []),
];
const time = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const range = fc.tuple(time, time).map(([a, b]) => ({ first: Math.min(a, b), last: Math.max(a, b) }));
const number = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const line = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.constantFrom('', '\n', '\n\n', '\r\n', 'a\nb', '{"level":30}').map((text) => Buffer.from(text)),
  fc.tuple(fc.nat(255), fc.nat(2_000)).map(([byte, length]) => Buffer.alloc(length, byte)),
);

/** Cuts lines into units of at most `room` bytes of text, as a simple writer would. */
function* unitsOf(
  lines: readonly Uint8Array[],
  room: number,
  compression: Compression | undefined,
): Generator<Buffer> {
  const pieces = lines.flatMap((whole) => {
    const cut: { bytes: Buffer; ends: boolean; begins: boolean }[] = [];
    for (let at = 0; at === 0 || at < whole.length; at += room) {
      const bytes = Buffer.from(whole.subarray(at, at + room));
      cut.push({ bytes, begins: at === 0, ends: at + room >= whole.length });
    }
    return cut;
  });
  for (let at = 0; at < pieces.length; ) {
    const taken = [pieces[at++]!];
    while (at < pieces.length && taken.length < 5 && taken.at(-1)!.ends) taken.push(pieces[at++]!);
    const ends = taken.at(-1)!.ends;
    const text = Buffer.concat(
      taken.flatMap(({ bytes, ends }) => (ends ? [bytes, Buffer.from('\n')] : [bytes])),
    );
    const hasNewline = taken.some(({ bytes }) => bytes.includes(10));
    yield encodeLines(
      {
        text,
        lines: taken.filter(({ ends }) => ends).length,
        first: 1,
        last: 2,
        continues: !ends,
        continued: !taken[0]!.begins,
        lengths: hasNewline ? taken.map(({ bytes }) => bytes.length) : undefined,
      },
      compression,
    );
  }
}

describe.each(COMPRESSIONS)('units under %o', (compression) => {
  const announced = compression?.coding ?? 'stored';

  it('give back every line, whatever its bytes and length', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.integer({ min: 1, max: 600 }), (lines, room) => {
        const joiner = new LineJoiner();
        const back: Buffer[] = [];
        const wrong: unknown[] = [];
        for (const bytes of unitsOf(lines, room, compression)) {
          const unit = decodeUnit(bytes, announced);
          const whole = joiner.take(unit as LinesUnit);
          const text = Buffer.concat(whole.lines.flatMap((one) => [one, Buffer.from('\n')]));
          const isWhole = whole.text.equals(text) && whole.count === whole.lines.length;
          const isCounted = whole.bytes === text.length - whole.count;
          if (unit.type !== 'lines' || !isWhole || !isCounted) wrong.push({ unit, whole });
          back.push(...whole.lines);
        }
        expect(wrong).toEqual([]);
        expect(joiner.unfinished).toBe(0);
        expect(back.map((bytes) => bytes.toString('hex'))).toEqual(
          lines.map((bytes) => Buffer.from(bytes).toString('hex')),
        );
      }),
      { numRuns: runs(100) },
    );
  });

  it('give back control records and their time', () => {
    const place = fc.record({ index: number, offset: number, records: number });
    const record: fc.Arbitrary<ControlRecord> = fc.oneof(
      fc.record({
        kind: fc.constant('predecessor' as const),
        index: number,
        offset: number,
        whole: fc.boolean(),
        acknowledged: fc.option(place),
        loss: fc.boolean(),
      }),
      fc.tuple(range, number, number).map(([{ first, last }, lines, bytes]) => {
        return { kind: 'drop' as const, lines, bytes, first, last };
      }),
      fc.record({ kind: fc.constant('heartbeat' as const), records: number }),
    );
    fc.assert(
      fc.property(record, time, (given, at) => {
        const unit = decodeUnit(encodeControlUnit(given, at, compression), announced);
        expect(unit).toEqual({ type: 'control', first: at, last: at, record: given });
      }),
    );
  });

  it('give back a time index and its range', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 1_000 }), fc.nat(1_000), range), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(steps, (given) => {
        let [frame, records] = [0, 0];
        const entries = given.map(([step, lines, times], i) => {
          if (i > 0) {
            frame += step;
            records += lines;
          }
          return { frame, offset: frame * 1_000, records, ...times };
        });
        const unit = decodeUnit(encodeIndexUnit({ records, entries }, compression), announced);
        expect(unit).toEqual({
          type: 'index',
          records,
          entries,
          first: Math.min(...entries.map(({ first }) => first)),
          last: Math.max(...entries.map(({ last }) => last)),
        });
      }),
    );
  });
});

describe('any bytes at all', () => {
  it('are decoded or refused with a code, never with another error', () => {
    const codes = new Set<unknown>();
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 80 }),
        fc.constantFrom(0, 1, 2),
        fc.boolean(),
        (bytes, type, tidy) => {
          if (bytes.length > 26) bytes[0] = type;
          if (tidy && bytes.length > 26) {
            bytes.fill(0, 1, 26);
            bytes[5] = type === 0 ? 1 : 0;
            bytes[25] = bytes.length - 26;
          }
          try {
            decodeUnit(bytes, 'gzip');
          } catch (error) {
            codes.add((error as { code?: unknown }).code);
          }
        },
      ),
      { numRuns: runs(2_000) },
    );
    expect([...codes].filter((code) => !/^ERR_SEALPIPE_(FORMAT|UNSUPPORTED)$/.test(String(code)))).toEqual(
      [],
    );
  });
});
