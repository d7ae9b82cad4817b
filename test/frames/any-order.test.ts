import { describe, expect, it } from 'vitest';
import { RandomOpener } from '../../src/frames/openers/random-opener.js';
import { RecordOpener } from '../../src/frames/openers/record-opener.js';
import { FakeCipher } from '../reference/fake-cipher.js';
import { naiveSeal } from '../reference/naive-frames.js';
import { layoutOf, naiveFake, patterned } from '../reference/run-frames.js';
import { overwritten } from '../support/overwritten.js';

const F = 4_096;
const UNIT = F + 16;
const plaintext = patterned(2 * F + 5);
const content = (start: number, end?: number): string => plaintext.subarray(start, end).toString('hex');

describe('frames of the fixed layout in any order', () => {
  const sealed = Buffer.concat(naiveSeal(naiveFake, layoutOf('fixed', F), [plaintext]));
  const last = sealed.subarray(2 * UNIT);

  it.each([
    ['one by one', {}],
    ['in one call', { inRows: true }],
  ])('are opened %s up to the first altered one, of which nothing is given', (_, abilities) => {
    const opener = new RandomOpener(new FakeCipher(abilities), layoutOf('fixed', F));
    const out = Buffer.alloc(2 * F + 3, 7);
    expect(opener.openRun(0, sealed.subarray(0, 2 * UNIT), out, 3)).toBe(2);
    expect(out.toString('hex')).toBe(`070707${content(0, 2 * F)}`);
    const altered = Buffer.from(sealed.subarray(0, 2 * UNIT));
    altered[UNIT]! ^= 1;
    const rest = Buffer.alloc(2 * F);
    expect(opener.openRun(0, altered, rest, 0)).toBe(1);
    expect(rest.toString('hex')).toBe(content(0, F) + '00'.repeat(F));
    expect(opener.frames).toBe(3);
  });

  it('are opened at their own index only, and a last frame that does not verify is an error at the end', () => {
    const opener = new RandomOpener(new FakeCipher(), layoutOf('fixed', F));
    expect(opener.openLast(2, last).toString('hex')).toBe(content(2 * F));
    expect(opener.frames).toBe(1);
    expect(opener.tryLast(1, last)).toBeUndefined();
    expect(() => opener.openLast(1, last)).toThrow(
      expect.objectContaining({ code: 'ERR_SEALPIPE_AUTHENTICATION', atEnd: true }),
    );
    expect(opener.frames).toBe(1);
  });

  it('are verified without their plaintext staying in memory', async () => {
    const opener = new RandomOpener(new FakeCipher(), layoutOf('fixed', F));
    const verified: boolean[] = [];
    const wiped = await overwritten(() => {
      verified.push(opener.verifies(2, last), opener.verifies(1, last), opener.verifies(2, last.subarray(6)));
    });
    expect(verified).toEqual([true, false, false]);
    expect(wiped).toContain(content(2 * F));
  });
});

describe('frames of the record layout at a known place', () => {
  const [frame = Buffer.alloc(0)] = naiveSeal(naiveFake, layoutOf('record', F), [plaintext.subarray(0, F)]);

  it('are verified without their plaintext staying in memory', async () => {
    const opener = new RecordOpener(new FakeCipher(), layoutOf('record', F));
    const verified: boolean[] = [];
    const wiped = await overwritten(() => {
      verified.push(opener.verifies(0, frame), opener.verifies(1, frame));
    });
    expect(verified).toEqual([true, false]);
    expect(wiped).toContain(content(0, F));
  });
});

it('a frame beyond the most that a stream may have never verifies', () => {
  const frames = naiveSeal(naiveFake, layoutOf('record', F), [plaintext]);
  const verifies = (maxFrames: number) =>
    new RecordOpener(new FakeCipher(), layoutOf('record', F), { maxFrames, maxPlaintext: 10 * F }).verifies(
      1,
      frames[1]!,
    );
  expect([1, 2].map(verifies)).toEqual([false, true]);
});

it.each([
  ['fixed', RandomOpener],
  ['record', RecordOpener],
] as const)('an opener in any order of the %s layout wipes its key', (layout, Opener) => {
  const cipher = new FakeCipher();
  const opener = new Opener(cipher, layoutOf(layout, F));
  expect(cipher.wiped).toBe(false);
  opener.wipe();
  expect(cipher.wiped).toBe(true);
});
