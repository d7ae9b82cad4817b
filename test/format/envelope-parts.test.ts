import { describe, expect, it } from 'vitest';
import { decodeEnvelope, encodeEnvelope } from '../../src/format/envelope.js';
import { partsOf } from '../../src/format/envelope-parts.js';
import { entryOf, joined, joinedTo } from '../../src/format/joined-envelope.js';
import { loadPackWriter } from '../../src/format/pack-writer.js';
import { hex, looseArray, looseBin, looseMap, looseStr, looseUint } from '../reference/loose-pack.js';
import { recipientWith } from '../reference/sections.js';

await loadPackWriter();

const ONE = { provider: 'raw', key: 'one', wrapped: Buffer.alloc(80, 1) };
const TWO = { provider: 'raw', key: 'two', wrapped: Buffer.alloc(80, 2) };

describe('an envelope in its parts', () => {
  it('is put together as the writer did it', () => {
    for (const recipients of [[ONE], [ONE, TWO], [{ ...ONE, wrapped: Buffer.alloc(900) }]]) {
      const envelope = encodeEnvelope(recipients);
      expect(Buffer.from(joined(partsOf(envelope))).equals(envelope)).toBe(true);
    }
  });

  it('keeps what this release does not know, as bytes: pairs of the map, and of a recipient', () => {
    const later = looseMap([
      ['hint', looseUint(2 ** 53 - 1)],
      ['inner', looseArray([looseStr('\ufeffa'), hex('c0'), hex('c2')])],
    ]);
    const flat = looseMap([['hint', looseUint(2 ** 32)]]);
    const strange = recipientWith({ later: flat, wrapped: looseBin(Buffer.alloc(40, 9)) });
    const envelope = looseMap([
      ['zzz', later],
      ['pad', looseBin(Buffer.alloc(30))],
      ['recipients', looseArray([strange])],
      ['', looseStr('')],
    ]);
    const { entries, before, behind } = partsOf(envelope);
    expect(entries[0]!.bytes).toEqual(new Uint8Array(strange));
    const next = Buffer.from(joined({ entries: [...entries, entryOf(TWO)], before, behind }));
    expect(decodeEnvelope(next, next.length)!.map(({ key }) => key)).toEqual(['backup', 'two']);
    for (const kept of [strange, later]) expect(next.includes(kept)).toBe(true);
    const order = ['zzz', 'recipients', 'backup', 'two'].map((word) => next.indexOf(word));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(joinedTo(envelope.length, partsOf(envelope))?.length).toBe(envelope.length);
  });

  it('fits with exactly 0, 6 to 261 or at least 263 bytes left to pad', () => {
    const parts = partsOf(encodeEnvelope([ONE]));
    const bare = Array.from({ length: 1_024 }, (_, i) => i).find((length) => joinedTo(length, parts))!;
    const wrong: number[] = [];
    for (let extra = 0; extra < 700; extra++) {
      const made = joinedTo(bare + extra, parts);
      const may = extra === 0 || (extra >= 6 && extra <= 261) || extra >= 263;
      if (made?.length !== (may ? bare + extra : undefined)) wrong.push(extra);
      else if (made !== undefined && decodeEnvelope(made, made.length)?.length !== 1) wrong.push(extra);
    }
    expect(wrong).toEqual([]);
    const shorter = Array.from({ length: bare }, (_, length) => joinedTo(length, parts));
    expect(new Set(shorter)).toEqual(new Set([undefined]));
  });

  it('counts the pad where the map has 15 other pairs, and more', () => {
    for (const others of [13, 14, 15, 16, 40]) {
      const names = Array.from({ length: others }, (_, i) => [`key ${i}`, looseUint(i)] as const);
      const envelope = looseMap([...names, ['recipients', looseArray([recipientWith()])]]);
      const parts = partsOf(envelope);
      expect(Buffer.from(joinedTo(envelope.length, parts)!).equals(envelope)).toBe(true);
      const wrong: number[] = [];
      for (let extra = 1; extra < 300; extra++) {
        const made = joinedTo(envelope.length + extra, parts);
        if (made === undefined) continue;
        const isWhole = made.length === envelope.length + extra;
        if (!isWhole || decodeEnvelope(made, made.length)?.length !== 1) wrong.push(extra);
      }
      expect(wrong).toEqual([]);
    }
  });

  it('takes up to 32 recipients, and no more bytes than a section has', () => {
    const many = Array.from({ length: 32 }, (_, i) => entryOf({ ...ONE, key: `key ${i}` }));
    const envelope = joined({ entries: many, before: [], behind: [] });
    expect(decodeEnvelope(envelope, envelope.length)).toHaveLength(32);
    const large = many.map(({ recipient }) => entryOf({ ...recipient, wrapped: Buffer.alloc(6_144) }));
    expect(() => joined({ entries: large, before: [], behind: [] })).toThrow(
      expect.objectContaining({ code: 'ERR_SEALPIPE_LIMIT' }),
    );
  });
});
