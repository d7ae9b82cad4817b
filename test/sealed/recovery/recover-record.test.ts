import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHeader } from '../../../src/streams/read-header.js';
import { recordStream } from '../../support/record-stream.js';
import { overwritten, saved, without } from '../support.js';

const F = 4_096;
const SIZES = [10, F, 300, 1, 2_000, 4_000, 77, 900, F, 5];
const pieces = SIZES.map((size, i) => Buffer.alloc(size, i + 1));
const sealed = await recordStream(pieces, F);
const { preambleSize } = await readHeader(sealed);
const starts = [preambleSize];
for (const size of SIZES) starts.push(starts.at(-1)! + size + 20);
const kept = (...lost: number[]) => Buffer.concat(pieces.filter((_, i) => !lost.includes(i)));

describe('recover of the record layout', () => {
  it('gives a whole stream and finds nothing missing', async () => {
    const { bytes, report } = await saved(sealed);
    expect(bytes.equals(kept())).toBe(true);
    expect(report).toMatchObject({ complete: true, frames: 11, fault: null, gaps: [], stopped: null });
  });

  it('gives a prefix after a cut, wherever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: preambleSize, max: sealed.length - 1 }), async (end) => {
        const { bytes, report } = await saved(sealed.subarray(0, end));
        const whole = starts.filter((start) => start <= end).length - 1;
        expect(bytes.equals(Buffer.concat(pieces.slice(0, whole)))).toBe(true);
        expect(report).toMatchObject({ complete: false, frames: whole, gapCount: 1 });
        expect(report.gaps).toMatchObject([
          { frame: whole, frames: null, sealedBytes: end - starts[whole]! },
        ]);
        expect(report.fault).toMatchObject({
          code: 'ERR_SEALPIPE_TRUNCATED',
          frame: whole,
          offset: starts[whole],
        });
      }),
      { numRuns: 60 },
    );
  });

  it('saves every other one of many short frames: a gap costs no more than the bytes in it', async () => {
    const lines = Array.from({ length: 600 }, (_, i) => Buffer.alloc(80, i));
    const short = await recordStream(lines, 65_536);
    const start = (await readHeader(short)).preambleSize;
    for (let i = 0; i < lines.length; i += 2) short[start + i * 100 + 40]! ^= 1;
    const { bytes, report } = await saved(short);
    expect(bytes.equals(Buffer.concat(lines.filter((_, i) => i % 2 === 1)))).toBe(true);
    expect(report).toMatchObject({ frames: 301, gapCount: 300, stopped: null });
  });

  it('goes on behind a damaged frame, whichever byte of it is damaged', async () => {
    for (const frame of [0, 1, 4, 9]) {
      for (const byte of [0, 1, 3, 4, SIZES[frame]! + 4, SIZES[frame]! + 19]) {
        const at = starts[frame]! + byte;
        const { bytes, report } = await saved(overwritten(sealed, at, Buffer.of(sealed[at]! ^ 0x5a)));
        expect([frame, byte, bytes.equals(kept(frame))]).toEqual([frame, byte, true]);
        expect(report).toMatchObject({ complete: false, frames: 10, stopped: null });
        const sealedBytes = SIZES[frame]! + 20;
        expect(report.gaps).toEqual([
          { frame, frames: 1, offset: starts[frame], sealedBytes, plaintextBytes: null },
        ]);
      }
    }
  });

  it('finds frames behind bytes that were inserted: nothing is missing', async () => {
    for (const [place, count] of [
      [starts[3]!, 1],
      [starts[3]!, 5_000],
      [starts[0]!, 70_000],
    ] as const) {
      const inserted = Buffer.concat([sealed.subarray(0, place), randomBytes(count), sealed.subarray(place)]);
      const { bytes, report } = await saved(inserted);
      expect(bytes.equals(kept())).toBe(true);
      const frame = starts.indexOf(place);
      const gap = { frame, frames: 0, offset: place, sealedBytes: count, plaintextBytes: 0 };
      expect(report).toMatchObject({ complete: true, frames: 11, gaps: [gap] });
      expect(report.fault).toMatchObject({ code: 'ERR_SEALPIPE_AUTHENTICATION', frame });
    }
  });

  it('finds frames behind bytes that were removed', async () => {
    const gone = await saved(without(sealed, starts[2]!, starts[5]!));
    expect(gone.bytes.equals(kept(2, 3, 4))).toBe(true);
    expect(gone.report.gaps).toMatchObject([{ frame: 2, frames: 3, sealedBytes: 0, offset: starts[2] }]);
    const torn = await saved(without(sealed, starts[4]! + 50, starts[5]! + 60));
    expect(torn.bytes.equals(kept(4, 5))).toBe(true);
    expect(torn.report).toMatchObject({ complete: false, frames: 9, gaps: [{ frame: 4, frames: 2 }] });
  });

  it('takes no frame twice, and none that comes before', async () => {
    const frame = sealed.subarray(starts[2]!, starts[3]!);
    const doubled = Buffer.concat([sealed.subarray(0, starts[6]!), frame, sealed.subarray(starts[6]!)]);
    const { bytes, report } = await saved(doubled);
    expect(bytes.equals(kept())).toBe(true);
    expect(report).toMatchObject({
      complete: true,
      gaps: [{ frame: 6, frames: 0, sealedBytes: frame.length }],
    });
  });

  it.each([1, 4, 5_000])('reports %i bytes behind the end, and misses nothing', async (count) => {
    const { bytes, report } = await saved(Buffer.concat([sealed, Buffer.alloc(count)]));
    expect(bytes.equals(kept())).toBe(true);
    expect(report).toMatchObject({
      complete: true,
      fault: { code: 'ERR_SEALPIPE_TRAILING_DATA', frame: null, offset: sealed.length },
      gaps: [{ frames: 0, offset: sealed.length, sealedBytes: count }],
    });
  });

  it('saves what is before zeros at the end', async () => {
    const torn = overwritten(sealed, starts[7]! + 10, Buffer.alloc(sealed.length - starts[7]! - 10));
    const { bytes, report } = await saved(torn);
    expect(bytes.equals(kept(7, 8, 9))).toBe(true);
    expect(report).toMatchObject({ complete: false, frames: 7, gaps: [{ frame: 7, frames: null }] });
  });

  it('has no zeros to put where nobody knows how many are missing', async () => {
    await expect(saved(sealed, {}, { zeroFill: true })).rejects.toMatchObject({
      name: 'RangeError',
      code: 'ERR_SEALPIPE_OPTIONS',
    });
  });

  it('is the same whatever the engine', async () => {
    const damaged = overwritten(without(sealed, starts[4]! + 1, starts[4]! + 9), starts[1]!, randomBytes(30));
    for (const engine of ['native', 'node', 'noble'] as const) {
      const { bytes, report } = await saved(damaged, { engine });
      expect(bytes.equals(kept(1, 4))).toBe(true);
      expect(report).toMatchObject({ frames: 9, gapCount: 2 });
    }
  });
});
