import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FrameGatherer } from '../../../src/s3/download/frame-gatherer.js';

const F = 4_096;
const TAG = 16;

/** Frames of the record layout, by what they hold; their content does not matter here. */
function recordFrames(lengths: readonly number[]): Buffer[] {
  return lengths.map((length, i) => {
    const frame = Buffer.alloc(4 + length + TAG, i % 251);
    frame.writeUInt32BE(i === lengths.length - 1 ? length + 0x80000000 : length);
    return frame;
  });
}

function fixedFrames(lengths: readonly number[]): Buffer[] {
  const full = lengths.map((_, i) => Buffer.alloc(F + TAG, i % 251));
  return [...full, Buffer.alloc(TAG + (lengths[0] ?? 0) - 1, 9)];
}

/** Where the frames end. */
function bordersOf(frames: readonly Buffer[]): number[] {
  let end = 0;
  return frames.map(({ length }) => (end += length));
}

/** What takes frames here: it writes down every run of bytes that it gets. */
function taker() {
  const got: Buffer[] = [];
  let isFinished = false;
  return {
    got,
    write: (chunk: Uint8Array) => void got.push(Buffer.from(chunk)),
    finish: () => {
      isFinished = true;
    },
    get isFinished() {
      return isFinished;
    },
  };
}

function* cut(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length]!;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

const lengths = fc.array(fc.integer({ min: 1, max: F }), { minLength: 1, maxLength: 12 });
const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 3 * F })), {
  minLength: 1,
  maxLength: 8,
});

it.each([
  ['fixed', fixedFrames],
  ['record', recordFrames],
] as const)(
  'hands on whole frames, however they come, and may read one again: %s layout',
  (layout, framesOf) => {
    fc.assert(
      fc.property(lengths, sizes, fc.nat(), (of, chunks, breakAt) => {
        const frames = framesOf(of);
        const bytes = Buffer.concat(frames);
        const frameTaker = taker();
        const gatherer = new FrameGatherer(frameTaker, { layout, frameSize: F });
        // The connection breaks once, anywhere; what is there of a frame then is forgotten and comes again.
        const broken = breakAt % bytes.length;
        for (const chunk of cut(bytes.subarray(0, broken), chunks)) gatherer.write(chunk);
        const start = broken - gatherer.forget();
        expect(start).toBe(Math.max(0, ...bordersOf(frames).filter((border) => border <= broken)));
        for (const chunk of cut(bytes.subarray(start), chunks)) gatherer.write(chunk);
        gatherer.finish();
        expect(Buffer.concat(frameTaker.got).equals(bytes)).toBe(true);
        expect(frameTaker.isFinished).toBe(true);
        const borders = new Set(bordersOf(frames));
        let at = 0;
        for (const run of frameTaker.got) {
          at += run.length;
          expect(borders.has(at)).toBe(true);
        }
      }),
    );
  },
);

it.each([
  ['fixed', fixedFrames],
  ['record', recordFrames],
] as const)('hands on a whole frame at once, without its successor: %s layout', (layout, framesOf) => {
  const frameTaker = taker();
  const gatherer = new FrameGatherer(frameTaker, { layout, frameSize: F });
  const [first, second] = framesOf([F, F, F]) as [Buffer, Buffer];
  gatherer.write(first);
  gatherer.write(second);
  expect([frameTaker.got, gatherer.pending]).toEqual([[first, second], 0]);
});

it('hands on what can be no frame, for the opener to judge', () => {
  const frameTaker = taker();
  const gatherer = new FrameGatherer(frameTaker, { layout: 'record', frameSize: F });
  const nonsense = Buffer.alloc(100, 0x7f);
  for (const byte of nonsense.subarray(0, 9)) gatherer.write(Buffer.of(byte));
  gatherer.write(nonsense.subarray(9));
  expect(Buffer.concat(frameTaker.got).length).toBeGreaterThan(3);
});
