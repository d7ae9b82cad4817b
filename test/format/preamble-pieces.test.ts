import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Preamble } from '../../src/format/preamble.js';
import { PreambleReader } from '../../src/format/preamble.js';
import { codeOf } from '../reference/failure.js';
import { hex, looseBin, looseMap, looseStr } from '../reference/loose-pack.js';
import { BOUND, ENVELOPE, preambleOf, prologueOf } from '../reference/preambles.js';
import { boundWith, envelopeOf, recipientWith } from '../reference/sections.js';
import { runs } from '../support/sample.js';

interface Outcome {
  readonly preamble?: Preamble;
  readonly taken: number;
  readonly code?: string;
}

/** Reads a stream that comes in pieces, to its end. */
function readPieces(pieces: Iterable<Uint8Array>): Outcome {
  const reader = new PreambleReader();
  let taken = 0;
  try {
    for (const piece of pieces) {
      const answer = reader.take(piece, 0);
      taken += answer.taken;
      if (answer.preamble !== undefined) return { preamble: answer.preamble, taken };
      if (answer.taken !== piece.length) throw new Error('bytes were left though more were wanted');
    }
  } catch (error) {
    return { taken, code: (error as { code: string }).code };
  }
  return { taken, code: reader.end().code };
}

const cutAt = (bytes: Buffer, cuts: readonly number[]): Buffer[] => {
  const at = [0, ...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
};
const byteByByte = (bytes: Buffer) => Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));

describe('a preamble that comes in pieces', () => {
  it('is the same whole, byte by byte, and in any split, empty pieces included', () => {
    const bytes = preambleOf();
    const whole = readPieces([bytes]);
    expect(whole.taken).toBe(bytes.length);
    expect(whole.preamble!.header.recipients).toHaveLength(2);
    expect(readPieces(byteByByte(bytes))).toEqual(whole);
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 12 }), (cuts) => {
        expect(readPieces(cutAt(bytes, cuts))).toEqual(whole);
      }),
    );
  });

  it('leaves what follows in the piece that it ends in', () => {
    const bytes = preambleOf();
    for (const cut of [0, 50, 84, 84 + BOUND.length, bytes.length - 1]) {
      const reader = new PreambleReader();
      reader.take(bytes.subarray(0, cut), 0);
      const rest = Buffer.concat([bytes.subarray(cut), hex('0102030405')]);
      expect(reader.take(rest, 0).taken).toBe(rest.length - 5);
    }
  });

  it('fails with the same code whole and in any split, whichever byte is damaged', () => {
    const cases = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 }), fc.array(fc.nat(), { maxLength: 6 }));
    fc.assert(
      fc.property(cases, ([where, flip, cuts]) => {
        const bytes = preambleOf();
        bytes[where % bytes.length]! ^= flip;
        const whole = readPieces([bytes]);
        const split = readPieces(cutAt(bytes, cuts));
        expect([split.code, split.preamble]).toEqual([whole.code, whole.preamble]);
      }),
      { numRuns: runs(400) },
    );
  });

  it('shows a fault at the end of its section at the latest, and before anything behind it', () => {
    const badBound = preambleOf(boundWith(['created', hex('01')]));
    const reader = new PreambleReader();
    const boundEnd = badBound.length - ENVELOPE.length;
    expect(codeOf(() => reader.take(badBound.subarray(0, boundEnd - 1), 0))).toBeUndefined();
    expect(codeOf(() => reader.take(badBound.subarray(boundEnd - 1, boundEnd), 0))).toBe(
      'ERR_SEALPIPE_FORMAT',
    );
  });
});

describe('a preamble that is cut short', () => {
  it('is truncated at every cut while every byte fits', () => {
    const bytes = preambleOf();
    for (let cut = 0; cut < bytes.length; cut++) {
      expect([cut, readPieces([bytes.subarray(0, cut)]).code]).toEqual([cut, 'ERR_SEALPIPE_TRUNCATED']);
      if (cut % 7 === 0)
        expect(readPieces(byteByByte(bytes.subarray(0, cut))).code).toBe('ERR_SEALPIPE_TRUNCATED');
    }
    expect(readPieces([]).code).toBe('ERR_SEALPIPE_TRUNCATED');
  });

  it('is truncated with sections of the largest size', () => {
    const pad =
      65_536 - envelopeOf([recipientWith()], ['pad', looseBin(Buffer.alloc(60_000))]).length + 60_000;
    const envelope = envelopeOf([recipientWith()], ['pad', looseBin(Buffer.alloc(pad))]);
    const later = 65_536 - boundWith(['later', looseBin(Buffer.alloc(60_000))]).length + 60_000;
    const bytes = preambleOf(boundWith(['later', looseBin(Buffer.alloc(later))]), envelope);
    expect(bytes).toHaveLength(131_156);
    for (const cut of [83, 84, 65_619, 65_620, 65_621, 131_155]) {
      expect(readPieces([bytes.subarray(0, cut)]).code).toBe('ERR_SEALPIPE_TRUNCATED');
    }
    expect(readPieces([bytes]).preamble?.header.preambleSize).toBe(131_156);
  });

  // A fault, the section it is in, and the offset in it of the first byte that shows it.
  const faults: [string, 'bound' | 'envelope', Buffer, number][] = [
    ['an array for a bound', 'bound', Buffer.concat([hex('92'), BOUND.subarray(1)]), 0],
    ['a map without room for what is required', 'bound', Buffer.concat([hex('81'), BOUND.subarray(1)]), 0],
    ['a float', 'bound', boundWith(['later', hex('cb 3ff0000000000000')]), -9],
    ['a long form', 'bound', boundWith(['later', hex('cd 0005')]), -2],
    ['a negative integer', 'bound', boundWith(['later', hex('ff')]), -1],
    ['an extension', 'bound', boundWith(['later', hex('d4 01 00')]), -3],
    ['a surrogate', 'bound', boundWith(['later', looseStr(hex('eda080'))]), -2],
    [
      'a field that is missing',
      'bound',
      looseMap([
        ['created', hex('01')],
        ['later', hex('c0')],
      ]),
      -2,
    ],
    [
      'a pad that is not zero',
      'envelope',
      envelopeOf([recipientWith()], ['pad', looseBin(hex('00 00 01 00'))]),
      -2,
    ],
    ['a provider with a capital', 'envelope', envelopeOf([recipientWith({ provider: looseStr('rAw') })]), 25],
    ['no recipient', 'envelope', envelopeOf([], ['pad', looseBin(Buffer.alloc(9))]), 12],
    ['two of one name', 'envelope', envelopeOf([recipientWith(), recipientWith()]), -1],
  ];
  it.each(faults)(
    'is malformed, not truncated, from the byte on that shows %s',
    (_, section, bytes, offset) => {
      const inBound = section === 'bound';
      const all = inBound ? preambleOf(bytes) : preambleOf(BOUND, bytes);
      const start = inBound ? 84 : 84 + BOUND.length;
      const at = start + (offset < 0 ? bytes.length + offset : offset);
      for (let cut = start; cut < all.length; cut++) {
        const expected = cut > at ? 'ERR_SEALPIPE_FORMAT' : 'ERR_SEALPIPE_TRUNCATED';
        expect([cut, readPieces([all.subarray(0, cut)]).code]).toEqual([cut, expected]);
      }
      expect(readPieces([all]).code).toBe('ERR_SEALPIPE_FORMAT');
    },
  );

  it('is malformed from the first byte on that is left over behind a map', () => {
    const cut = (bytes: Uint8Array) => [
      readPieces([bytes]).code,
      readPieces(byteByByte(Buffer.from(bytes))).code,
    ];
    const bound = Buffer.concat([prologueOf(BOUND.length + 2, ENVELOPE.length), BOUND]);
    const envelope = Buffer.concat([prologueOf(BOUND.length, ENVELOPE.length + 2), BOUND, ENVELOPE]);
    for (const bytes of [bound, envelope]) {
      expect(cut(bytes)).toEqual(['ERR_SEALPIPE_TRUNCATED', 'ERR_SEALPIPE_TRUNCATED']);
      for (const left of ['c0', '00', 'c0c0']) {
        const more = Buffer.concat([bytes, hex(left)]);
        expect(cut(more)).toEqual(['ERR_SEALPIPE_FORMAT', 'ERR_SEALPIPE_FORMAT']);
      }
    }
  });
});
