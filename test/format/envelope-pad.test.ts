import { describe, expect, it } from 'vitest';
import { decodeEnvelope, encodeEnvelope } from '../../src/format/envelope.js';
import { loadPackWriter } from '../../src/format/pack-writer.js';
import { codeOf } from '../reference/failure.js';
import { hex, looseBin } from '../reference/loose-pack.js';
import { envelopeOf, recipientWith } from '../reference/sections.js';

await loadPackWriter();

const decode = (bytes: Uint8Array) => decodeEnvelope(bytes, bytes.length)!;
/** The size of an envelope of one recipient before it is padded. */
const bareSize = (wrapped: number) =>
  envelopeOf([recipientWith({ wrapped: looseBin(Buffer.alloc(wrapped)) })]).length;
const recipient = (wrapped: number) => ({
  provider: 'raw',
  key: 'backup',
  wrapped: new Uint8Array(wrapped).fill(1),
});

describe('the pad of an envelope', () => {
  it('makes it a multiple of 1,024 bytes, whatever its size is without', () => {
    const rests = new Set<number>();
    const wrong: number[][] = [];
    for (let wrapped = 300; wrapped < 300 + 1_024; wrapped++) {
      const envelope = encodeEnvelope([recipient(wrapped)]);
      const bare = bareSize(wrapped);
      rests.add(bare % 1_024);
      const missing = (1_024 - (bare % 1_024)) % 1_024;
      const exact = !(missing >= 1 && missing <= 5) && missing !== 262;
      const expected = bare + missing + (exact ? 0 : 1_024);
      const back = decode(envelope)[0]!.wrapped.length;
      if (envelope.length !== expected || expected % 1_024 !== 0 || back !== wrapped) {
        wrong.push([wrapped, envelope.length, expected, back]);
      }
    }
    expect(wrong).toEqual([]);
    expect(rests.size, 'every rest was tried').toBe(1_024);
  });

  it('is not there where it is not needed', () => {
    const wrapped = 6_000;
    const exact = wrapped + (1_024 - (bareSize(wrapped) % 1_024)) - 1_024;
    expect(bareSize(exact) % 1_024).toBe(0);
    const envelope = encodeEnvelope([recipient(exact)]);
    expect(envelope).toHaveLength(bareSize(exact));
    expect(Buffer.from(envelope).includes('pad')).toBe(false);
  });

  it('is left out if padding is switched off', () => {
    for (const wrapped of [1, 300, 800, 801, 1_000, 6_144]) {
      const envelope = encodeEnvelope([recipient(wrapped)], false);
      expect(envelope).toHaveLength(bareSize(wrapped));
      expect(decode(envelope)[0]!.wrapped).toHaveLength(wrapped);
    }
  });

  it('need not be there for a reader, and need not make a multiple', () => {
    expect(decode(envelopeOf([recipientWith()]))).toHaveLength(1);
    expect(decode(envelopeOf([recipientWith()], ['pad', looseBin(Buffer.alloc(0))]))).toHaveLength(1);
    expect(decode(envelopeOf([recipientWith()], ['pad', looseBin(Buffer.alloc(300))]))).toHaveLength(1);
  });

  it.each([[0], [1], [150], [299]])('is zeros: another byte at %i is refused', (at) => {
    const pad = Buffer.alloc(300);
    pad[at] = 1;
    expect(codeOf(() => decode(envelopeOf([recipientWith()], ['pad', looseBin(pad)])))).toBe(
      'ERR_SEALPIPE_FORMAT',
    );
  });

  it('is refused at the first byte that is not zero', () => {
    const bytes = envelopeOf([recipientWith()], ['pad', looseBin(Buffer.alloc(300))]);
    const at = bytes.length - 100;
    bytes[at] = 0x80;
    expect(decodeEnvelope(bytes.subarray(0, at), bytes.length)).toBeUndefined();
    expect(codeOf(() => decodeEnvelope(bytes.subarray(0, at + 1), bytes.length))).toBe('ERR_SEALPIPE_FORMAT');
  });

  it.each([['c0'], ['a1 00'], ['90']])('is a binary, not %s', (literal) => {
    expect(codeOf(() => decode(envelopeOf([recipientWith()], ['pad', hex(literal)])))).toBe(
      'ERR_SEALPIPE_FORMAT',
    );
  });
});

describe('an envelope that would be too large', () => {
  /** Recipients whose bare envelope is `size` bytes. */
  function ofSize(size: number) {
    const make = (last: number) =>
      Array.from({ length: 12 }, (_, i) => ({ ...recipient(i === 11 ? last : 5_500), key: `key-${i}` }));
    const bare = (last: number) =>
      envelopeOf(
        make(last).map(({ key, wrapped }) =>
          recipientWith({
            key: Buffer.concat([hex(`a${key.length}`), Buffer.from(key)]),
            wrapped: looseBin(wrapped),
          }),
        ),
      ).length;
    const last = 4_000 + (size - bare(4_000));
    expect(bare(last)).toBe(size);
    return make(last);
  }

  it('takes 65,536 bytes, exactly or with a pad, and not one more', () => {
    expect(encodeEnvelope(ofSize(65_536))).toHaveLength(65_536);
    expect(encodeEnvelope(ofSize(65_530))).toHaveLength(65_536);
    expect(decode(encodeEnvelope(ofSize(65_530)))).toHaveLength(12);
    expect(codeOf(() => encodeEnvelope(ofSize(65_537)))).toBe('ERR_SEALPIPE_LIMIT');
  });

  it('is one whose pad cannot be made exactly in the last multiple', () => {
    for (const missing of [1, 2, 3, 4, 5, 262]) {
      expect(codeOf(() => encodeEnvelope(ofSize(65_536 - missing)))).toBe('ERR_SEALPIPE_LIMIT');
    }
    for (const missing of [6, 261, 263])
      expect(encodeEnvelope(ofSize(65_536 - missing))).toHaveLength(65_536);
  });

  it('may have any size up to 65,536 bytes if padding is switched off', () => {
    for (const size of [65_531, 65_535, 65_536])
      expect(encodeEnvelope(ofSize(size), false)).toHaveLength(size);
    expect(codeOf(() => encodeEnvelope(ofSize(65_537), false))).toBe('ERR_SEALPIPE_LIMIT');
  });
});
