import { afterEach, describe, expect, it, vi } from 'vitest';
import { PackReader } from '../../src/format/pack-reader.js';
import { PreambleReader } from '../../src/format/preamble.js';
import { codeOf } from '../reference/failure.js';
import { hex, looseArray, looseBin, looseMap, looseStr } from '../reference/loose-pack.js';
import { BOUND, preambleOf, prologueOf } from '../reference/preambles.js';
import { boundWith, envelopeOf, recipientWith } from '../reference/sections.js';

/** Sizes of all that a call allocates by Buffer, and the bytes that it copies. */
function measured(call: () => void): { largest: number; allocated: number; copied: number } {
  const counts = { largest: 0, allocated: 0, copied: 0 };
  const slow = Buffer.allocUnsafeSlow;
  vi.spyOn(Buffer, 'allocUnsafeSlow').mockImplementation((size) => {
    counts.largest = Math.max(counts.largest, size);
    counts.allocated += size;
    return slow(size);
  });
  const typed = Object.getPrototypeOf(Uint8Array.prototype) as {
    set: (source: Uint8Array, at?: number) => void;
  };
  const set = typed.set;
  vi.spyOn(typed, 'set').mockImplementation(function (this: Uint8Array, source, at) {
    counts.copied += source.length;
    set.call(this, source, at);
  });
  try {
    call();
  } finally {
    vi.restoreAllMocks();
  }
  return counts;
}

afterEach(() => vi.restoreAllMocks());

describe('a hostile preamble', () => {
  it('has nothing allocated from its promise of sections to come', () => {
    const counts = measured(() => {
      expect(new PreambleReader().take(prologueOf(65_536, 65_536), 0).taken).toBe(84);
    });
    expect(counts.allocated).toBeLessThan(1_024);
  });

  it('that comes byte by byte costs copies in proportion, and memory within its caps', () => {
    const padded = (size: number) => {
      const over = envelopeOf([recipientWith()], ['pad', looseBin(Buffer.alloc(size))]).length - size;
      return preambleOf(BOUND, envelopeOf([recipientWith()], ['pad', looseBin(Buffer.alloc(size - over))]));
    };
    const cost = (bytes: Buffer) =>
      measured(() => {
        const reader = new PreambleReader();
        for (let i = 0; i < bytes.length; i++) reader.take(bytes.subarray(i, i + 1), 0);
      });
    const small = cost(padded(16_384));
    const large = cost(padded(65_536));
    expect(large.largest).toBeLessThanOrEqual(131_156);
    expect(large.allocated).toBeLessThan(4 * 131_156);
    expect(large.copied).toBeLessThan(6 * small.copied);
    expect(large.copied).toBeLessThan(4 * 65_536);
  });

  it('is parsed once in a section, however many pieces it comes in', () => {
    const reads = vi.spyOn(PackReader, 'read');
    const bytes = preambleOf();
    const reader = new PreambleReader();
    for (let i = 0; i < bytes.length; i++) reader.take(bytes.subarray(i, i + 1), 0);
    expect(reads).toHaveBeenCalledTimes(2);
  });

  it('makes no array or map of a size that it only declares', () => {
    const huge = (head: string) => Buffer.concat([hex(head), Buffer.alloc(60_000, 0xc0)]);
    for (const value of [
      'dd 7fffffff',
      'df 7fffffff',
      'dd ffffffff',
      'dc ffff',
      'de ffff',
      'c6 7fffffff',
      'db 7fffffff',
    ]) {
      const bytes = preambleOf(boundWith(['later', huge(value)]));
      const counts = measured(() => {
        expect(codeOf(() => new PreambleReader().take(bytes, 0))).toBe('ERR_SEALPIPE_FORMAT');
      });
      expect(counts.largest).toBeLessThanOrEqual(131_156);
    }
  });

  it('may be of 64 KiB of the smallest values, keys or containers, and is still read once through', () => {
    const nils = looseArray(Array.from({ length: 65_000 }, () => hex('c0')));
    const keys = looseMap(Array.from({ length: 9_000 }, (_, i) => [`${i}`, hex('c0')] as const));
    const boxes = looseArray(Array.from({ length: 65_000 }, () => hex('90')));
    for (const value of [nils, keys, boxes]) {
      expect(
        codeOf(() => new PreambleReader().take(preambleOf(boundWith(['later', value])), 0)),
      ).toBeUndefined();
    }
  });

  it('does not exhaust the stack by its depth', () => {
    const deep = Buffer.concat([Buffer.alloc(65_000, 0x91), hex('c0')]);
    expect(codeOf(() => new PreambleReader().take(preambleOf(boundWith(['later', deep])), 0))).toBe(
      'ERR_SEALPIPE_FORMAT',
    );
    const maps = Buffer.concat([...Array.from({ length: 20_000 }, () => hex('81a178')), hex('c0')]);
    expect(codeOf(() => new PreambleReader().take(preambleOf(boundWith(['later', maps])), 0))).toBe(
      'ERR_SEALPIPE_FORMAT',
    );
  });

  it('that is cut within a long string of awkward text is told from a truncated one', () => {
    const text = looseStr('\u{1f600}'.repeat(10_000));
    const bytes = preambleOf(boundWith(['later', text]));
    const cut = (at: number) => {
      const reader = new PreambleReader();
      reader.take(bytes.subarray(0, at), 0);
      return reader.end().code;
    };
    for (let at = 30_000; at < 30_004; at++) expect(cut(at)).toBe('ERR_SEALPIPE_TRUNCATED');
    bytes[29_000] = 0xff;
    expect(cut(30_000)).toBe('ERR_SEALPIPE_FORMAT');
  });
});
