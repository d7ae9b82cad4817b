import { describe, expect, it } from 'vitest';
import { FakeCipher, fakeFrame } from '../reference/fake-cipher.js';
import { naiveSeal } from '../reference/naive-frames.js';
import { AAD, layoutOf, naiveFake, patterned, runOpener, singles } from '../reference/run-frames.js';

const F = 32;
const ABILITIES = [{}, { detached: true }, { inRows: true }];
type Layout = 'fixed' | 'record';

/** The end of a stream given whole and byte by byte, by every kind of cipher: always the same one. */
function ending(
  layout: Layout,
  sealed: Uint8Array,
): [code: string | undefined, atEnd: boolean, released: number] {
  const outcomes = ABILITIES.flatMap((abilities) =>
    [[sealed], singles(sealed)].map((chunks) =>
      runOpener(new FakeCipher(abilities), layoutOf(layout, F), chunks),
    ),
  );
  const told = outcomes.map(({ code, atEnd, bytes }) => [code?.slice(13), atEnd, bytes.length] as const);
  for (const other of told) expect(other).toEqual(told[0]);
  const [first] = outcomes;
  expect(first!.bytes.equals(patterned(200).subarray(0, first!.bytes.length))).toBe(true);
  return [...told[0]!] as [string | undefined, boolean, number];
}

const streamOf = (layout: Layout, length: number) =>
  naiveSeal(naiveFake, layoutOf(layout, F), [patterned(length)]);
const joined = (...frames: readonly Uint8Array[]) => Buffer.concat(frames);
const word = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const record = (index: number, value: number, plaintext: Uint8Array) =>
  joined(word(value), fakeFrame(index, joined(AAD, word(value)), plaintext));

describe('a stream of the fixed layout that is cut', () => {
  it('is truncated after a full frame and up to 15 bytes, and not authentic at its end from 16 on', () => {
    const sealed = joined(...streamOf('fixed', 2 * F + 9));
    const unit = F + 16;
    for (let cut = 0; cut < sealed.length; cut++) {
      const expected = cut % unit < 16 ? ['TRUNCATED', false] : ['AUTHENTICATION', true];
      expect([cut, ...ending('fixed', sealed.subarray(0, cut))]).toEqual([
        cut,
        ...expected,
        Math.floor(cut / unit) * F,
      ]);
    }
    expect(ending('fixed', sealed)).toEqual([undefined, false, 2 * F + 9]);
  });

  it('is truncated where its empty last frame is missing', () => {
    const frames = streamOf('fixed', 2 * F);
    expect(frames).toHaveLength(3);
    expect(ending('fixed', joined(...frames.slice(0, 2)))).toEqual(['TRUNCATED', false, 2 * F]);
    expect(ending('fixed', joined(...frames))).toEqual([undefined, false, 2 * F]);
  });
});

describe('a stream of the fixed layout that is altered', () => {
  const frames = streamOf('fixed', 2 * F + 9);
  const flipped = (at: number) => {
    const sealed = joined(...frames);
    sealed[at]! ^= 1;
    return sealed;
  };

  it('is not authentic from the frame on that is: at its end only where that is the last', () => {
    const unit = F + 16;
    for (const at of [0, unit - 1, unit, 2 * unit - 1]) {
      expect(ending('fixed', flipped(at))).toEqual(['AUTHENTICATION', false, Math.floor(at / unit) * F]);
    }
    for (const at of [2 * unit, 2 * unit + 24])
      expect(ending('fixed', flipped(at))).toEqual(['AUTHENTICATION', true, 2 * F]);
  });

  it('is not authentic where something follows it', () => {
    const sealed = joined(...frames);
    for (const extra of [1, 15, 16, F - 10]) {
      expect(ending('fixed', joined(sealed, Buffer.alloc(extra)))).toEqual(['AUTHENTICATION', true, 2 * F]);
    }
    expect(ending('fixed', joined(sealed, Buffer.alloc(F)))).toEqual(['AUTHENTICATION', false, 2 * F]);
    expect(ending('fixed', joined(sealed, fakeFrame(3, AAD, patterned(3))))).toEqual([
      'AUTHENTICATION',
      true,
      2 * F,
    ]);
    const exact = joined(...streamOf('fixed', 2 * F));
    expect(ending('fixed', joined(exact, fakeFrame(3, AAD, Buffer.alloc(0))))).toEqual([
      'AUTHENTICATION',
      true,
      2 * F,
    ]);
  });

  it.each([
    ['swapped', [1, 0, 2], 0],
    ['doubled', [0, 0, 1, 2], F],
    ['dropped', [1, 2], 0],
    ['ended in the middle', [0, 2, 1], F],
  ] as const)('is not authentic where frames are %s', (_, order, released) => {
    const [code, , count] = ending('fixed', joined(...order.map((i) => frames[i]!)));
    expect([code, count]).toEqual(['AUTHENTICATION', released]);
  });
});

describe('a stream of the record layout that is cut', () => {
  const frames = [
    record(0, F, patterned(F)),
    record(1, 5, patterned(F + 5).subarray(F)),
    record(2, 2 ** 31 + 3, patterned(F + 8).subarray(F + 5)),
  ];

  it('is truncated at every cut, with every whole frame released', () => {
    const sealed = joined(...frames);
    const ends = [F + 20, F + 20 + 25];
    for (let cut = 0; cut < sealed.length; cut++) {
      const released = cut < ends[0]! ? 0 : cut < ends[1]! ? F : F + 5;
      expect([cut, ...ending('record', sealed.subarray(0, cut))]).toEqual([
        cut,
        'TRUNCATED',
        false,
        released,
      ]);
    }
    expect(ending('record', sealed)).toEqual([undefined, false, F + 8]);
  });

  it('goes on after its final frame with data that are too many, whichever', () => {
    const sealed = joined(...frames);
    for (const extra of [
      Buffer.alloc(1),
      Buffer.alloc(100),
      word(5),
      record(3, 2 ** 31, Buffer.alloc(0)),
      frames[2]!,
    ]) {
      expect(ending('record', joined(sealed, extra))).toEqual(['TRAILING_DATA', false, F + 8]);
    }
  });
});

describe('a word that no writer writes', () => {
  const good = record(0, 5, patterned(5));

  it.each([
    ['more than a frame', F + 1],
    ['the most that a word can say', 2 ** 31 - 1],
    ['a final frame of more than a frame', 2 ** 31 + F + 1],
    ['all bits', 2 ** 32 - 1],
    ['no bytes and not the end', 0],
  ])('is not authentic: %s', (_, value) => {
    const bad = joined(word(value), Buffer.alloc(60));
    expect(ending('record', bad)).toEqual(['AUTHENTICATION', false, 0]);
    expect(ending('record', joined(good, bad))).toEqual(['AUTHENTICATION', false, 5]);
    expect(ending('record', joined(good, word(value)))).toEqual(['AUTHENTICATION', false, 5]);
  });

  it('is one as soon as a part of it cannot become a legal one, and truncated before', () => {
    for (const [literal, code] of [
      ['00', 'TRUNCATED'],
      ['80', 'TRUNCATED'],
      ['01', 'AUTHENTICATION'],
      ['7f', 'AUTHENTICATION'],
      ['81', 'AUTHENTICATION'],
      ['0000', 'TRUNCATED'],
      ['0001', 'AUTHENTICATION'],
      ['000000', 'TRUNCATED'],
      ['800000', 'TRUNCATED'],
      ['000001', 'AUTHENTICATION'],
    ] as const) {
      expect([literal, ...ending('record', Buffer.from(literal, 'hex'))]).toEqual([literal, code, false, 0]);
    }
  });

  it('cannot be the word of another frame: it is bound to the tag', () => {
    const notFinal = joined(word(5), record(0, 2 ** 31 + 5, patterned(5)).subarray(4));
    expect(ending('record', notFinal)).toEqual(['AUTHENTICATION', false, 0]);
    const final = joined(word(2 ** 31 + 5), good.subarray(4));
    expect(ending('record', final)).toEqual(['AUTHENTICATION', false, 0]);
    const longer = joined(word(6), good.subarray(4), Buffer.alloc(20));
    expect(ending('record', longer)).toEqual(['AUTHENTICATION', false, 0]);
  });
});
