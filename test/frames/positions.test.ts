import { describe, expect, it } from 'vitest';
import { FrameOpener } from '../../src/frames/opener.js';
import { FramePositions } from '../../src/frames/positions.js';
import { codeOf } from '../reference/failure.js';

const F = 4_096;
const UNIT = F + 16;
const PREAMBLE = 1_200;
const positions = new FramePositions({ frameSize: F, preambleSize: PREAMBLE });
const sizeOf = (frames: number, rest: number) => PREAMBLE + frames * UNIT + rest;

describe('the last frame by the size of a stream', () => {
  it.each([
    [0, 16, 0, 0],
    [0, UNIT - 1, 0, F - 1],
    [1, 16, 1, 0],
    [2 ** 21, 17, 2 ** 21, 1],
    [2 ** 32 - 2, UNIT - 1, 2 ** 32 - 2, F - 1],
  ])('of %i full frames and %i bytes is %i, with %i bytes', (frames, rest, index, length) => {
    const last = positions.last(sizeOf(frames, rest));
    expect(last).toEqual({
      index,
      start: sizeOf(frames, 0),
      end: sizeOf(frames, rest),
      length,
      plaintext: index * F + length,
    });
  });

  it.each([
    [0, 0, 'TRUNCATED'],
    [0, 15, 'TRUNCATED'],
    [5, 15, 'TRUNCATED'],
    [2 ** 32 - 1, 0, 'TRUNCATED'],
    [2 ** 32 - 1, 15, 'TRUNCATED'],
    [2 ** 32 - 1, 16, 'LIMIT'],
    [2 ** 32, 0, 'LIMIT'],
    [2 ** 32 + 7, 100, 'LIMIT'],
  ])('of %i full frames and %i bytes is refused: %s', (frames, rest, code) => {
    expect(codeOf(() => positions.last(sizeOf(frames, rest)))).toBe(`ERR_SEALPIPE_${code}`);
  });

  it('is refused beyond the bytes that a stream may hold, also if it is missing', () => {
    const bounds = { maxFrames: 100, maxPlaintext: 2 * F + 10 };
    const last = (frames: number, rest: number) => positions.last(sizeOf(frames, rest), bounds);
    expect(last(2, 26).plaintext).toBe(2 * F + 10);
    expect(codeOf(() => last(2, 27))).toBe('ERR_SEALPIPE_LIMIT');
    expect(codeOf(() => last(2, 15))).toBe('ERR_SEALPIPE_TRUNCATED');
    expect(codeOf(() => last(3, 15))).toBe('ERR_SEALPIPE_LIMIT');
  });

  it.each([
    { maxFrames: 3, maxPlaintext: 100 * F },
    { maxFrames: 100, maxPlaintext: 3 * F },
    { maxFrames: 100, maxPlaintext: 3 * F + 9 },
  ])('is refused like by a reader that starts at the beginning, within %o', (bounds) => {
    const accepting = { open: () => true, seal: () => undefined, wipe: () => undefined };
    const layout = { layout: 'fixed', frameSize: F, aad: Buffer.alloc(32) } as const;
    for (const frames of [2, 3, 4]) {
      for (const rest of [0, 15, 16, 17, 25, 26, UNIT - 1]) {
        const read = () => {
          const opener = new FrameOpener(accepting, layout, () => undefined, bounds);
          opener.write(Buffer.alloc(frames * UNIT + rest));
          opener.finish();
        };
        const code = codeOf(() => positions.last(sizeOf(frames, rest), bounds));
        expect([frames, rest, code]).toEqual([frames, rest, codeOf(read)]);
      }
    }
  });
});

it('no full frame beyond the bounds may be opened', () => {
  expect(positions.openable(sizeOf(3, 5))).toBe(3);
  expect(positions.openable(sizeOf(2 ** 32 + 7, 0))).toBe(2 ** 32 - 1);
  const large = new FramePositions({ frameSize: 2 ** 20, preambleSize: 0 });
  expect(large.openable(2 ** 31 * (2 ** 20 + 16))).toBe(2 ** 30);
});
