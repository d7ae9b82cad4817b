import fc from 'fast-check';
import { Packr } from 'msgpackr/pack';
import { describe, expect, it } from 'vitest';
import { PackReader } from '../../src/format/pack-reader.js';
import type { Packable } from '../../src/format/pack-writer.js';
import { loadPackWriter, pack, packedSize } from '../../src/format/pack-writer.js';
import { anyText } from '../reference/any-text.js';
import { runs } from '../support/sample.js';

await loadPackWriter();

const unpackr = new Packr({ useRecords: false, mapsAsObjects: false, int64AsType: 'number' });

/** What our reader says, by the kind of each value. */
function readAny(reader: PackReader, model: Packable): unknown {
  if (typeof model === 'string') return reader.str();
  if (typeof model === 'number') return reader.uint();
  if (model === true) return reader.true();
  if (model === null) return reader.nil() ? null : 'not nil';
  if (model instanceof Uint8Array) return Uint8Array.from(reader.bin());
  if (Array.isArray(model)) {
    let at = 0;
    return reader.array(0, 100, () => readAny(reader, model[at++]!));
  }
  const read = new Map<string, unknown>();
  const values = [...model.values()];
  for (let i = 0, size = reader.mapSize(); i < size; i++) read.set(reader.str(), readAny(reader, values[i]!));
  reader.endMap();
  return read;
}

// A decoder of its kind drops a leading U+FEFF of longer strings.
const text = anyText(0, 100).filter((value) => !value.includes('\ufeff'));
const leaf: fc.Arbitrary<Packable> = fc.oneof(
  text,
  fc.nat({ max: 2 ** 31 - 1 }),
  fc.constantFrom<number>(0, 127, 128, 255, 256, 65_535, 65_536, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1),
  fc.uint8Array({ maxLength: 400 }),
  fc.constant(true as const),
  fc.constant(null),
);
const level = (below: fc.Arbitrary<Packable>): fc.Arbitrary<Packable> =>
  fc.oneof(
    { weight: 2, arbitrary: leaf },
    { weight: 1, arbitrary: fc.array(below, { maxLength: 20 }) },
    { weight: 1, arbitrary: mapOf(below) },
  );
const mapOf = (values: fc.Arbitrary<Packable>): fc.Arbitrary<Map<string, Packable>> =>
  fc
    .uniqueArray(fc.tuple(text, values), { selector: ([key]) => key, maxLength: 20 })
    .map((pairs) => new Map(pairs));
const packable = mapOf(level(level(leaf)));

describe('what is packed', () => {
  it('is what our reader reads, and what msgpackr reads', () => {
    fc.assert(
      fc.property(packable, (map) => {
        const bytes = pack(map);
        expect(packedSize(map)).toBe(bytes.length);
        expect(PackReader.read(bytes, bytes.length, (reader) => readAny(reader, map))).toEqual(map);
        const theirs = unpackr.unpack(bytes);
        expect(normal(theirs)).toEqual(normal(map));
      }),
      { numRuns: runs(300) },
    );
  });

  it('is legal with strings of every length around the widths of a head, in characters of one to four bytes', () => {
    for (const character of ['a', 'é', '€', '\u{1f600}', '\ufeff', '\0']) {
      const size = Buffer.byteLength(character);
      for (const edge of [0, 31, 32, 63, 64, 255, 256, 65_535, 65_536]) {
        for (let count = Math.floor(edge / size) - 1; count <= Math.ceil(edge / size) + 1; count++) {
          if (count < 0) continue;
          const value = character.repeat(count);
          const bytes = pack(new Map([['k', value]]));
          const read = PackReader.read(bytes, bytes.length, (reader) => [
            reader.mapSize(),
            reader.str(),
            reader.str(),
          ]);
          expect(read?.[2] === value, `${count} times ${JSON.stringify(character)}`).toBe(true);
        }
      }
    }
  });

  it('stays what it was when more is packed', () => {
    const first = pack(new Map([['k', 'first']]));
    const before = Buffer.from(first);
    for (let i = 0; i < 1_000; i++) pack(new Map([['k', 'x'.repeat(i)]]));
    expect(before.equals(first)).toBe(true);
  });
});

/** Binaries as arrays of their own kind, whichever class they came in. */
function normal(value: unknown): unknown {
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (Array.isArray(value)) return value.map(normal);
  if (value instanceof Map) return new Map([...value].map(([key, inner]) => [key, normal(inner)]));
  return value;
}
