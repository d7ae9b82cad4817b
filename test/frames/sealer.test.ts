import { describe, expect, it } from 'vitest';
import { FrameSealer } from '../../src/frames/sealer.js';
import { failure } from '../reference/failure.js';
import { FakeCipher, fakeFrame } from '../reference/fake-cipher.js';
import { AAD, FLUSH, layoutOf, patterned, runSealer } from '../reference/run-frames.js';

const sizesOf = (pieces: readonly Uint8Array[]) => pieces.map((piece) => piece.length);
const word = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

describe('a sealer of the fixed layout', () => {
  it('makes one empty frame of nothing', () => {
    const { pieces } = runSealer(new FakeCipher(), layoutOf('fixed', 8), []);
    expect(Buffer.concat(pieces).equals(fakeFrame(0, AAD, Buffer.alloc(0)))).toBe(true);
  });

  it('ends a plaintext of exactly one frame with an empty one', () => {
    const { bytes } = runSealer(new FakeCipher(), layoutOf('fixed', 8), [patterned(8)]);
    const expected = [fakeFrame(0, AAD, patterned(8)), fakeFrame(1, AAD, Buffer.alloc(0))];
    expect(bytes.equals(Buffer.concat(expected))).toBe(true);
  });

  it('emits a frame as soon as it is full, and not before', () => {
    const emitted: Uint8Array[] = [];
    const sealer = new FrameSealer(new FakeCipher(), layoutOf('fixed', 8), (bytes) => emitted.push(bytes));
    sealer.write(patterned(7));
    expect(emitted).toHaveLength(0);
    sealer.write(patterned(1));
    expect(sizesOf(emitted)).toEqual([24]);
    expect(sealer.frames).toBe(1);
  });
});

describe('a sealer of the record layout', () => {
  it('makes one empty final frame of nothing, flushes or not', () => {
    const expected = Buffer.concat([
      word(2 ** 31),
      fakeFrame(0, Buffer.concat([AAD, word(2 ** 31)]), Buffer.alloc(0)),
    ]);
    for (const steps of [[], [FLUSH], [FLUSH, FLUSH, Buffer.alloc(0), FLUSH]] as (
      | Buffer
      | typeof FLUSH
    )[][]) {
      expect(runSealer(new FakeCipher(), layoutOf('record', 8), steps).bytes.equals(expected)).toBe(true);
    }
  });

  it('puts the word of every frame in front of it and behind its associated data', () => {
    const { bytes } = runSealer(new FakeCipher(), layoutOf('record', 8), [
      patterned(3),
      FLUSH,
      FLUSH,
      patterned(2),
    ]);
    const frame = (index: number, value: number, plaintext: Uint8Array) =>
      Buffer.concat([word(value), fakeFrame(index, Buffer.concat([AAD, word(value)]), plaintext)]);
    expect(
      bytes.equals(Buffer.concat([frame(0, 3, patterned(3)), frame(1, 2 ** 31 + 2, patterned(2))])),
    ).toBe(true);
  });

  it('seals a record that is flushed as it would seal what was written before', () => {
    const sizes = [1, 7, 8, 3];
    const steps = sizes.flatMap((size) => [patterned(size), FLUSH] as const);
    const { bytes } = runSealer(new FakeCipher(), layoutOf('record', 8), steps);
    const emitted: Uint8Array[] = [];
    const sealer = new FrameSealer(new FakeCipher(), layoutOf('record', 8), (piece) => emitted.push(piece));
    for (const size of sizes) sealer.flush(patterned(size));
    sealer.finish();
    expect(Buffer.concat(emitted).equals(bytes)).toBe(true);
    expect(sealer.frames).toBe(5);
  });

  it.each([
    ['an empty one', 'record', 0, ''],
    ['one that is longer than a frame', 'record', 9, ''],
    ['one behind bytes that were not flushed', 'record', 3, 'pending'],
    ['any in the fixed layout', 'fixed', 3, ''],
  ] as const)('seals no record that is no frame by itself: %s', (_, layout, size, before) => {
    const emitted: Uint8Array[] = [];
    const sealer = new FrameSealer(new FakeCipher(), layoutOf(layout, 8), (piece) => emitted.push(piece));
    sealer.write(Buffer.from(before));
    const error = failure(() => sealer.flush(patterned(size)));
    expect(error).toBeInstanceOf(Error);
    expect(emitted).toHaveLength(0);
    expect(failure(() => sealer.finish())).toBe(error);
  });

  it('holds its bounds for records', () => {
    const bounds = { maxFrames: 3, maxPlaintext: 10 };
    const sealer = (of: typeof bounds) =>
      new FrameSealer(new FakeCipher(), layoutOf('record', 8), () => undefined, of);
    const one = sealer(bounds);
    one.flush(patterned(8));
    expect(failure(() => one.flush(patterned(3)))).toMatchObject({ code: 'ERR_SEALPIPE_LIMIT' });
    const other = sealer({ ...bounds, maxPlaintext: 100 });
    for (let i = 0; i < 2; i++) other.flush(patterned(8));
    expect(failure(() => other.flush(patterned(1)))).toMatchObject({ code: 'ERR_SEALPIPE_LIMIT' });
  });

  it('has nothing to flush right after a full frame', () => {
    const steps = [patterned(8), FLUSH] as const;
    const { frames, bytes } = runSealer(new FakeCipher(), layoutOf('record', 8), steps);
    expect([frames, bytes.length]).toEqual([2, 28 + 20]);
  });
});

describe.each([
  ['one by one', {}],
  ['in rows', { inRows: true }],
  ['detached', { detached: true }],
])('the output of a sealer whose cipher seals %s', (_, abilities) => {
  const mebibyte = 1_048_576;

  it.each(['fixed', 'record'] as const)(
    'is one buffer for the whole frames of one chunk, %s layout',
    (layout) => {
      const head = layout === 'record' ? 4 : 0;
      const { pieces } = runSealer(new FakeCipher(abilities), layoutOf(layout, 4_096), [
        patterned(10 * 4_096 + 5),
      ]);
      expect(sizesOf(pieces)).toEqual([10 * (head + 4_096 + 16), head + 5 + 16]);
    },
  );

  it('is in buffers of about 1 MiB at most, whatever the chunk', () => {
    const { pieces } = runSealer(new FakeCipher(abilities), layoutOf('fixed', 4_096), [
      Buffer.alloc(3 * mebibyte + 1),
    ]);
    expect(sizesOf(pieces)).toEqual([...Array.from({ length: 3 }, () => 256 * (4_096 + 16)), 17]);
    const large = runSealer(new FakeCipher(abilities), layoutOf('fixed', mebibyte), [
      Buffer.alloc(2 * mebibyte),
    ]);
    for (const piece of large.pieces) expect(piece.length).toBeLessThanOrEqual(mebibyte + 16);
    expect(large.bytes).toHaveLength(2 * (mebibyte + 16) + 16);
  });

  it('takes a frame that was begun in an earlier chunk into the same buffer', () => {
    const chunks = [patterned(5), patterned(4_096 * 3)];
    const { pieces } = runSealer(new FakeCipher(abilities), layoutOf('fixed', 4_096), chunks);
    expect(sizesOf(pieces)).toEqual([3 * (4_096 + 16), 5 + 16]);
  });

  it('holds what was sealed and nothing else: no piece is a part of more memory', () => {
    const chunks = [patterned(4_000), patterned(3 * 16_384), patterned(16_384), patterned(1)];
    for (const frameSize of [16, 16_384]) {
      for (const layout of ['fixed', 'record'] as const) {
        const outcome = runSealer(new FakeCipher(abilities), layoutOf(layout, frameSize), chunks);
        for (const piece of outcome.pieces.filter(({ length }) => length > 16)) {
          expect(piece.buffer.byteLength).toBe(piece.length);
        }
        expect(outcome).toMatchObject({ unwrittenSeen: false, rewritten: false, inputWritten: false });
      }
    }
  });
});

describe('a sealer', () => {
  it('takes whole frames from where they lie: only what is left over is copied', () => {
    const seen: Uint8Array[] = [];
    const cipher = new FakeCipher();
    const seal = cipher.seal.bind(cipher);
    cipher.seal = (index, aad, plaintext, out, offset) => {
      seen.push(plaintext);
      seal(index, aad, plaintext, out, offset);
    };
    const chunk = patterned(100);
    const sealer = new FrameSealer(cipher, layoutOf('fixed', 32), () => {});
    sealer.write(chunk);
    expect(
      seen.map(({ buffer, byteOffset }) => [buffer === chunk.buffer, byteOffset - chunk.byteOffset]),
    ).toEqual([
      [true, 0],
      [true, 32],
      [true, 64],
    ]);
    sealer.write(patterned(40));
    expect(seen[3]!.buffer).not.toBe(chunk.buffer);
  });

  it('leaves to a cipher that takes two parts the joining of a frame that spans chunks', () => {
    for (const layout of ['fixed', 'record'] as const) {
      const parts: [head: number, rest: boolean][] = [];
      const cipher = new FakeCipher({ inRows: true });
      const sealFrames = cipher.sealFrames!;
      const chunk = patterned(60);
      Object.assign(cipher, {
        sealFrames: (...args: Parameters<typeof sealFrames>) => {
          parts.push([args[3].length, args[4].buffer === chunk.buffer]);
          sealFrames(...args);
        },
      });
      const sealer = new FrameSealer(cipher, layoutOf(layout, 32), () => {});
      sealer.write(patterned(5));
      sealer.write(chunk);
      expect(parts[0]).toEqual([5, true]);
    }
  });

  it('does nothing after its end but say so', () => {
    const sealer = new FrameSealer(new FakeCipher(), layoutOf('record', 8), () => {});
    sealer.finish();
    for (const call of [() => sealer.write(patterned(1)), () => sealer.flush(), () => sealer.finish()]) {
      expect(failure(call).message).toMatch(/ended/);
    }
  });

  it('wipes its cipher and what is pending, and does nothing afterwards', () => {
    const cipher = new FakeCipher();
    const emitted: Uint8Array[] = [];
    const sealer = new FrameSealer(cipher, layoutOf('record', 8), (bytes) => emitted.push(bytes));
    sealer.write(patterned(5));
    sealer.wipe();
    expect(cipher.wiped).toBe(true);
    for (const call of [() => sealer.write(patterned(1)), () => sealer.flush(), () => sealer.finish()]) {
      expect(failure(call).message).toMatch(/ended/);
    }
    expect(emitted).toHaveLength(0);
  });

  it('keeps to its first error, and emits nothing after it', () => {
    const cipher = new FakeCipher();
    const boom = new Error('the cipher broke');
    cipher.seal = () => {
      throw boom;
    };
    const emitted: Uint8Array[] = [];
    const sealer = new FrameSealer(cipher, layoutOf('fixed', 8), (bytes) => emitted.push(bytes));
    expect(failure(() => sealer.write(patterned(20)))).toBe(boom);
    expect(failure(() => sealer.write(Buffer.alloc(0)))).toBe(boom);
    expect(failure(() => sealer.finish())).toBe(boom);
    sealer.wipe();
    expect(failure(() => sealer.finish())).toBe(boom);
    expect(emitted).toHaveLength(0);
  });
});
