import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PackReader } from '../../src/format/pack-reader.js';
import { anyText } from '../reference/any-text.js';
import { hex, looseArray, looseBin, looseMap, looseStr, looseUint } from '../reference/loose-pack.js';
import { isLegalSection } from '../reference/strict-pack.js';
import { runs } from '../support/sample.js';

const LEGAL = 'legal';
const PREFIX = 'prefix';
const REFUSED = 'ERR_SEALPIPE_FORMAT';

/** What our reader says of the first `cut` bytes of a section in which nothing is known. */
function verdict(section: Uint8Array, cut = section.length): string {
  try {
    const read = PackReader.read(section.subarray(0, cut), section.length, (reader) => reader.map({}));
    return read === undefined ? PREFIX : LEGAL;
  } catch (error) {
    return String((error as { code?: string }).code ?? error);
  }
}

const leaf = fc.oneof(
  fc.constantFrom(hex('c0'), hex('c2'), hex('c3'), hex('c1'), hex('ff'), hex('ca00000000')),
  fc.oneof(fc.nat(), fc.maxSafeNat()).map((value) => looseUint(value)),
  fc
    .tuple(fc.nat({ max: 300 }), fc.constantFrom(1, 2, 4, 8))
    .map(([value, width]) => looseUint(width === 1 ? value & 0xff : value, width)),
  anyText(0, 40).map((value) => looseStr(value)),
  fc.tuple(anyText(0, 3), fc.constantFrom(1, 2, 4)).map(([value, width]) => looseStr(value, width)),
  fc.uint8Array({ maxLength: 5 }).map((bytes) => looseStr(bytes)),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => looseBin(bytes)),
);
const key = fc.constantFrom('a', 'b', 'c', 'created', '__proto__', '\ufeff', 'é', '');
const level = (below: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> =>
  fc.oneof(
    { weight: 3, arbitrary: leaf },
    { weight: 1, arbitrary: fc.array(below, { maxLength: 4 }).map((items) => looseArray(items)) },
    { weight: 1, arbitrary: mapOf(below) },
  );
const mapOf = (value: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> =>
  fc.array(fc.tuple(key, value), { maxLength: 4 }).map((pairs) => looseMap(pairs));
const section = mapOf(level(level(level(level(leaf)))));

const damaged = fc
  .tuple(
    section,
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 3 }),
    fc.constantFrom(0, 0, 0, 1, -1),
  )
  .map(([bytes, changes, longer]) => {
    const result = Buffer.concat([bytes, Buffer.alloc(Math.max(longer, 0))]).subarray(
      0,
      bytes.length + longer,
    );
    for (const [at, byte] of changes) if (result.length > 0) result[at % result.length] = byte;
    return result;
  });

describe('any section', () => {
  it('is legal for our reader if and only if its meaning is packed to the same bytes', () => {
    const counts = { [LEGAL]: 0, [REFUSED]: 0 } as Record<string, number>;
    fc.assert(
      fc.property(fc.oneof(section, damaged, fc.uint8Array({ maxLength: 12 })), (bytes) => {
        const said = verdict(bytes);
        counts[said] = (counts[said] ?? 0) + 1;
        expect(said).toBe(isLegalSection(bytes) ? LEGAL : REFUSED);
      }),
      { numRuns: runs(2_000) },
    );
    expect(counts[LEGAL]).toBeGreaterThan(runs(200));
    expect(counts[REFUSED]).toBeGreaterThan(runs(200));
  });

  it('that is legal is so at every cut, and one that is refused at a cut is refused at every later one', () => {
    fc.assert(
      fc.property(fc.oneof(section, damaged), (bytes) => {
        const said = Array.from({ length: bytes.length + 1 }, (_, cut) => verdict(bytes, cut));
        const first = said.indexOf(REFUSED);
        const shown = first === -1 ? said.length - 1 : first;
        expect(new Set(said.slice(0, shown)).has(LEGAL)).toBe(false);
        for (const one of said.slice(0, shown)) expect(one).toBe(PREFIX);
        for (const one of said.slice(shown)) expect(one).toBe(first === -1 ? LEGAL : REFUSED);
      }),
      { numRuns: runs(400) },
    );
  });
});
