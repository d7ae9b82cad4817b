import { describe, expect, it } from 'vitest';
import { FrameOpener } from '../../src/frames/opener.js';
import { failure } from '../reference/failure.js';
import { FakeCipher } from '../reference/fake-cipher.js';
import { naiveSeal } from '../reference/naive-frames.js';
import { layoutOf, naiveFake, patterned, runOpener } from '../reference/run-frames.js';

const framesOf = (layout: 'fixed' | 'record', frameSize: number, length: number) =>
  naiveSeal(naiveFake, layoutOf(layout, frameSize), [patterned(length)]);
const sizesOf = (pieces: readonly Uint8Array[]) => pieces.map((piece) => piece.length);

describe.each([
  ['one by one', {}],
  ['in rows', { inRows: true }],
  ['detached', { detached: true }],
])('the output of an opener whose cipher opens %s', (_, abilities) => {
  it.each(['fixed', 'record'] as const)(
    'is one buffer for the whole frames of one chunk, %s layout',
    (layout) => {
      const sealed = Buffer.concat(framesOf(layout, 4_096, 10 * 4_096 + 5));
      const { pieces } = runOpener(new FakeCipher(abilities), layoutOf(layout, 4_096), [sealed]);
      expect(sizesOf(pieces)).toEqual(layout === 'fixed' ? [10 * 4_096, 5] : [10 * 4_096 + 5]);
    },
  );

  it('is in buffers of 1 MiB at most, whatever the chunk', () => {
    const sealed = Buffer.concat(framesOf('fixed', 4_096, 3 * 1_048_576 + 4_096));
    const { pieces } = runOpener(new FakeCipher(abilities), layoutOf('fixed', 4_096), [sealed]);
    expect(sizesOf(pieces)).toEqual([1_048_576, 1_048_576, 1_048_576, 4_096]);
  });

  it.each(['fixed', 'record'] as const)(
    'is exactly what verified before a fault, in memory of that size, %s layout',
    (layout) => {
      const frames = framesOf(layout, 64, 20 * 64);
      for (const bad of [0, 1, 7, 19]) {
        const sealed = Buffer.concat(
          frames.map((frame, i) => (i === bad ? Buffer.from(frame).fill(1, 10, 11) : frame)),
        );
        const outcome = runOpener(new FakeCipher(abilities), layoutOf(layout, 64), [sealed]);
        expect(outcome).toMatchObject({ code: 'ERR_SEALPIPE_AUTHENTICATION', frames: bad, atEnd: false });
        expect(outcome.bytes.equals(patterned(bad * 64))).toBe(true);
        expect(outcome.unwrittenSeen).toBe(false);
        for (const piece of outcome.pieces) expect(piece.buffer.byteLength).toBe(piece.length);
      }
    },
  );

  it('is never more memory than plaintext, and never an empty piece', () => {
    for (const layout of ['fixed', 'record'] as const) {
      for (const length of [0, 1, 64, 65, 640]) {
        const sealed = Buffer.concat(framesOf(layout, 64, length));
        for (const chunks of [[sealed], [sealed.subarray(0, 30), sealed.subarray(30)]]) {
          const outcome = runOpener(new FakeCipher(abilities), layoutOf(layout, 64), chunks);
          expect(outcome.bytes.equals(patterned(length))).toBe(true);
          for (const piece of outcome.pieces)
            expect([piece.length > 0, piece.buffer.byteLength]).toEqual([true, piece.length]);
        }
      }
    }
  });
});

describe('an opener', () => {
  it('releases nothing of a frame before its last byte', () => {
    const emitted: Uint8Array[] = [];
    const opener = new FrameOpener(new FakeCipher(), layoutOf('fixed', 64), (bytes) => emitted.push(bytes));
    const sealed = Buffer.concat(framesOf('fixed', 64, 70));
    opener.write(sealed.subarray(0, 79));
    expect(emitted).toHaveLength(0);
    opener.write(sealed.subarray(79, 80));
    expect(sizesOf(emitted)).toEqual([64]);
    opener.write(sealed.subarray(80));
    expect(sizesOf(emitted)).toEqual([64]);
    opener.finish();
    expect(sizesOf(emitted)).toEqual([64, 6]);
  });

  it('releases a flushed record as soon as it is there', () => {
    const emitted: Uint8Array[] = [];
    const opener = new FrameOpener(new FakeCipher(), layoutOf('record', 64), (bytes) => emitted.push(bytes));
    const [first] = naiveSeal(naiveFake, layoutOf('record', 64), [patterned(3), patterned(2)]);
    opener.write(first!);
    expect(Buffer.concat(emitted).equals(patterned(3))).toBe(true);
  });

  it('looks at whole frames where they lie: only what is left over is copied', () => {
    const seen: Uint8Array[] = [];
    const cipher = new FakeCipher();
    const open = cipher.open.bind(cipher);
    cipher.open = (index, aad, sealed, out, offset) => {
      seen.push(sealed);
      return open(index, aad, sealed, out, offset);
    };
    const chunk = Buffer.concat(framesOf('fixed', 32, 100));
    new FrameOpener(cipher, layoutOf('fixed', 32), () => {}).write(chunk);
    expect(
      seen.map(({ buffer, byteOffset }) => [buffer === chunk.buffer, byteOffset - chunk.byteOffset]),
    ).toEqual([
      [true, 0],
      [true, 48],
      [true, 96],
    ]);
  });

  it('leaves to a cipher that takes two parts the joining of a frame that spans chunks', () => {
    for (const layout of ['fixed', 'record'] as const) {
      const parts: [head: number, rest: boolean][] = [];
      const cipher = new FakeCipher({ inRows: true });
      const openFrames = cipher.openFrames!;
      const head = layout === 'record' ? 4 : 0;
      const sealed = Buffer.concat(framesOf(layout, 32, 100));
      const chunk = Buffer.from(sealed.subarray(head + 5));
      Object.assign(cipher, {
        openFrames: (...args: Parameters<typeof openFrames>) => {
          parts.push([args[3].length, args[4].buffer === chunk.buffer]);
          return openFrames(...args);
        },
      });
      const opener = new FrameOpener(cipher, layoutOf(layout, 32), () => {});
      for (const piece of [sealed.subarray(0, 2), sealed.subarray(2, head + 5), chunk]) opener.write(piece);
      expect(parts[0]).toEqual([5, true]);
    }
  });

  it('does nothing after its end but say so, and nothing after a wipe', () => {
    const opener = new FrameOpener(new FakeCipher(), layoutOf('fixed', 8), () => {});
    opener.write(Buffer.concat(framesOf('fixed', 8, 5)));
    opener.finish();
    expect(failure(() => opener.write(Buffer.alloc(1))).message).toMatch(/ended/);
    expect(failure(() => opener.finish()).message).toMatch(/ended/);
    const cipher = new FakeCipher();
    const wiped = new FrameOpener(cipher, layoutOf('fixed', 8), () => {});
    wiped.wipe();
    expect(cipher.wiped).toBe(true);
    expect(failure(() => wiped.finish()).message).toMatch(/ended/);
  });

  it('keeps to its first error, and emits nothing after it', () => {
    const emitted: Uint8Array[] = [];
    const opener = new FrameOpener(new FakeCipher(), layoutOf('fixed', 8), (bytes) => emitted.push(bytes));
    const frames = framesOf('fixed', 8, 24);
    const error = failure(() => opener.write(Buffer.concat([frames[0]!, Buffer.alloc(24)])));
    expect(error.code).toBe('ERR_SEALPIPE_AUTHENTICATION');
    expect(failure(() => opener.write(frames[1]!))).toBe(error);
    expect(failure(() => opener.finish())).toBe(error);
    opener.wipe();
    expect(failure(() => opener.finish())).toBe(error);
    expect(Buffer.concat(emitted).equals(patterned(8))).toBe(true);
  });

  it('says nothing of why a frame is not authentic', () => {
    const tell = (sealed: Uint8Array) => {
      const opener = new FrameOpener(new FakeCipher(), layoutOf('record', 8), () => {});
      const { message, cause } = failure(() => opener.write(sealed));
      return [message, cause];
    };
    const [frame] = framesOf('record', 8, 24);
    const badTag = Buffer.from(frame!).fill(0, 25);
    const badWord = Buffer.alloc(28, 0x7f);
    expect(tell(badTag)).toEqual(tell(badWord));
    expect(tell(badTag)[1]).toBeUndefined();
  });

  it('releases what verified when the cipher itself throws', () => {
    const cipher = new FakeCipher();
    const open = cipher.open.bind(cipher);
    cipher.open = (index, ...rest) => {
      if (index === 2) throw new Error('the cipher broke');
      return open(index, ...rest);
    };
    const emitted: Uint8Array[] = [];
    const opener = new FrameOpener(cipher, layoutOf('fixed', 8), (bytes) => emitted.push(bytes));
    expect(failure(() => opener.write(Buffer.concat(framesOf('fixed', 8, 40)))).message).toBe(
      'the cipher broke',
    );
    expect(Buffer.concat(emitted).equals(patterned(16))).toBe(true);
  });
});
