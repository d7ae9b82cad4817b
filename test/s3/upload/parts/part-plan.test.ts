import { describe, expect, it } from 'vitest';
import { PartPlan } from '../../../../src/s3/upload/parts/part-plan.js';

const MIB = 2 ** 20;
const TIB = 2 ** 40;
const limit = expect.objectContaining({ code: 'ERR_SEALPIPE_LIMIT' });
const misuse = expect.objectContaining({ code: 'ERR_SEALPIPE_OPTIONS' });
const FRAME_SIZES = [4_096, 65_536, MIB];
const plan = (needs: { frameSize?: number; partSize?: number; length?: number } = {}) =>
  new PartPlan({ frameSize: 65_536, preambleSize: 1_200, ...needs });

describe.each(FRAME_SIZES)('parts of frames of %d bytes', (frameSize) => {
  const unit = frameSize + 16;

  it('have whole frames of 5 MiB at least, also part 1 without its preamble', () => {
    for (const partSize of [5 * MIB, 5 * MIB + 1, 8 * MIB, 100 * MIB]) {
      for (const number of [1, 2, 9_999]) {
        const { frames } = { frames: plan({ frameSize, partSize }).frames(number) };
        expect(Number.isInteger(frames)).toBe(true);
        expect(frames * unit).toBeGreaterThanOrEqual(5 * MIB);
      }
    }
  });

  it('take 8 MiB at first, and double after every 1,000 up to 256 MiB, if the length is not known', () => {
    const sizes = [1, 1_000, 1_001, 2_000, 2_001, 3_001, 4_001, 5_001, 6_001, 10_000].map((number) =>
      plan({ frameSize }).frames(number),
    );
    expect(sizes).toEqual(
      [8, 8, 16, 16, 32, 64, 128, 256, 256, 256].map((mib) => Math.floor((mib * MIB) / unit)),
    );
  });

  it('hold about 1.4 TiB of unknown length, and end with a limit that names the length', () => {
    const parts = plan({ frameSize });
    let plaintext = 0;
    for (let number = 1; number <= 10_000; number++) plaintext += parts.frames(number) * frameSize;
    expect(plaintext / TIB).toBeGreaterThan(1.35);
    expect(plaintext / TIB).toBeLessThan(1.5);
    expect(() => parts.frames(10_001)).toThrow(limit);
    expect(() => parts.frames(10_001)).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/expectedLength.*--expected-size/) }),
    );
  });

  it.each([0, 1, 100 * MIB, 70e9, 100e9, 5 * TIB])(
    'hold %d bytes of known length in 10,000 parts',
    (length) => {
      const parts = plan({ frameSize, length });
      const frames = parts.frames(1);
      expect(parts.frames(10_000)).toBe(frames);
      expect(frames * frameSize * 10_000).toBeGreaterThanOrEqual(length);
      // No larger than needed.
      if (frames > Math.floor((8 * MIB) / unit))
        expect((frames - 1) * frameSize * 10_000).toBeLessThan(length);
    },
  );
});

describe('the parts of an object', () => {
  it('begin with the preamble, and have room for a last frame that is empty', () => {
    const parts = plan();
    expect([parts.start(1), parts.start(2)]).toEqual([1_200, 0]);
    expect(parts.capacity(2)).toBe(parts.frames(2) * 65_552 + 16);
    expect(parts.capacity(1)).toBe(parts.capacity(2) + 1_200);
  });

  it('take no more memory than a short stream', () => {
    expect(plan({ length: 0 }).capacity(1)).toBe(1_216);
    expect(plan({ length: 65_536 }).capacity(1)).toBe(1_200 + 65_552 + 16);
  });

  it('say what they take if that is more than 256 MiB', () => {
    for (const needs of [{}, { length: 0 }, { length: 2.4 * TIB }])
      expect(plan(needs).warning).toBeUndefined();
    expect(plan({ partSize: 256 * MIB }).warning).toBeUndefined();
    expect(plan({ length: 3 * TIB }).warning).toMatch(/^Each part is 315 MiB, and one part/);
  });

  it('are refused where they cannot hold the length', () => {
    expect(() => plan({ partSize: 5 * MIB, length: 60e9 })).toThrow(misuse);
    expect(() => plan({ length: 100 * TIB })).toThrow(misuse);
  });
});
