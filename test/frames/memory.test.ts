import { describe, expect, it } from 'vitest';
import { FrameOpener } from '../../src/frames/opener.js';
import { FrameSealer } from '../../src/frames/sealer.js';
import { failure } from '../reference/failure.js';
import { FakeCipher } from '../reference/fake-cipher.js';
import { naiveSeal } from '../reference/naive-frames.js';
import { FLUSH, layoutOf, naiveFake, patterned } from '../reference/run-frames.js';

interface Cost {
  /** Bytes copied from one memory into another. */
  copied: number;
  /** Bytes of all buffers that were allocated, and of the largest. */
  allocated: number;
  largest: number;
}

/** What a call copies and allocates, counted where the frames do it. */
function costOf(call: () => void): Cost {
  const cost: Cost = { copied: 0, allocated: 0, largest: 0 };
  const allocate = Buffer.allocUnsafeSlow;
  // No spies: they keep the arguments of every call, and there are many.
  Buffer.allocUnsafeSlow = (size) => {
    cost.allocated += size;
    cost.largest = Math.max(cost.largest, size);
    return allocate(size);
  };
  const typedArrays = Object.getPrototypeOf(Uint8Array.prototype) as {
    set(source: Uint8Array, at?: number): void;
  };
  const set = typedArrays.set;
  typedArrays.set = function (this: Uint8Array, source, at) {
    cost.copied += source.length;
    set.call(this, source, at);
  };
  try {
    call();
  } finally {
    Buffer.allocUnsafeSlow = allocate;
    typedArrays.set = set;
  }
  return cost;
}

function byteByByte(bytes: Uint8Array, write: (chunk: Uint8Array) => void): void {
  for (let i = 0; i < bytes.length; i++) write(bytes.subarray(i, i + 1));
}

const F = 4_096;

describe.each(['fixed', 'record'] as const)('a flood of single bytes, %s layout', (layout) => {
  it('costs a sealer copies in proportion to it, and no more memory than its frames', () => {
    const cost = (length: number) =>
      costOf(() => {
        const sealer = new FrameSealer(new FakeCipher(), layoutOf(layout, F), () => {});
        byteByByte(patterned(length), (chunk) => sealer.write(chunk));
        sealer.finish();
      });
    const [once, fourTimes] = [cost(8 * F), cost(32 * F)];
    expect(fourTimes.copied).toBeLessThan(4.2 * once.copied);
    expect(fourTimes.allocated).toBeLessThan(4.2 * once.allocated);
    expect(fourTimes.copied).toBeLessThan(3 * 32 * F);
    expect(fourTimes.largest).toBeLessThanOrEqual(F + 20);
  });

  it('costs an opener copies in proportion to it, and no more memory than its frames', () => {
    const cost = (length: number) => {
      const sealed = Buffer.concat(naiveSeal(naiveFake, layoutOf(layout, F), [patterned(length)]));
      return costOf(() => {
        const opener = new FrameOpener(new FakeCipher(), layoutOf(layout, F), () => {});
        byteByByte(sealed, (chunk) => opener.write(chunk));
        opener.finish();
      });
    };
    const [once, fourTimes] = [cost(8 * F), cost(32 * F)];
    expect(fourTimes.copied).toBeLessThan(4.2 * once.copied);
    expect(fourTimes.allocated).toBeLessThan(4.2 * once.allocated);
    expect(fourTimes.copied).toBeLessThan(3 * 32 * F);
    expect(fourTimes.largest).toBeLessThanOrEqual(F + 20);
  });
});

describe('the record layout', () => {
  it('has nothing allocated from a word alone: memory grows as bytes arrive', () => {
    const cost = costOf(() => {
      const opener = new FrameOpener(new FakeCipher(), layoutOf('record', 1_048_576), () => {});
      opener.write(Buffer.from('00100000', 'hex'));
      opener.write(Buffer.alloc(100));
    });
    expect(cost.allocated).toBeLessThanOrEqual(512);
  });

  it('with a flush for every byte costs in proportion', () => {
    const cost = (length: number) =>
      costOf(() => {
        const sealer = new FrameSealer(new FakeCipher(), layoutOf('record', 65_536), () => {});
        byteByByte(patterned(length), (chunk) => {
          sealer.write(chunk);
          sealer.flush();
        });
      });
    const [once, fourTimes] = [cost(500), cost(2_000)];
    expect(fourTimes.allocated).toBeLessThan(4.2 * once.allocated);
    expect(fourTimes.largest).toBeLessThanOrEqual(256);
  });

  it.each([65_536, 1_048_576])(
    'of a chunk with very many small frames is opened into one buffer: F = %i',
    (size) => {
      const steps = Array.from({ length: 5_000 }, (_, i) => [patterned(i % 3 || 1), FLUSH] as const).flat();
      const parts: Uint8Array[] = [];
      const sealer = new FrameSealer(new FakeCipher(), layoutOf('record', size), (bytes) =>
        parts.push(bytes),
      );
      for (const step of steps) step === FLUSH ? sealer.flush() : sealer.write(step);
      const sealed = Buffer.concat(parts);
      const emitted: Uint8Array[] = [];
      const opener = new FrameOpener(new FakeCipher(), layoutOf('record', size), (bytes) =>
        emitted.push(bytes),
      );
      opener.write(sealed);
      expect([opener.frames, emitted.length]).toEqual([5_000, 1]);
      expect(failure(() => opener.finish()).code).toBe('ERR_SEALPIPE_TRUNCATED');
    },
  );
});

describe('whole frames of one chunk', () => {
  it('are sealed and opened without a copy of their input', () => {
    const plaintext = patterned(64 * F);
    const frames: Uint8Array[] = [];
    const sealer = new FrameSealer(new FakeCipher(), layoutOf('fixed', F), (out) => frames.push(out));
    const sealing = costOf(() => sealer.write(plaintext));
    // The fake cipher writes each byte once, and its tags: nothing else is copied.
    expect(sealing.copied).toBe(64 * (F + 16));
    expect(sealing.allocated).toBe(64 * (F + 16));
    const opener = new FrameOpener(new FakeCipher(), layoutOf('fixed', F), () => {});
    const opening = costOf(() => opener.write(frames[0]!));
    expect(opening.copied).toBe(64 * F);
    expect(opening.allocated).toBe(64 * F);
  });
});
