import { MessageChannel } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { OutputSlab } from '../../src/frames/output-slab.js';

afterEach(() => vi.restoreAllMocks());

/** Has every allocation begin with bytes of somebody else's. */
function staleMemory(): number[] {
  const sizes: number[] = [];
  const allocate = Buffer.allocUnsafeSlow;
  vi.spyOn(Buffer, 'allocUnsafeSlow').mockImplementation((size) => {
    sizes.push(size);
    return allocate(size).fill(0xd7);
  });
  return sizes;
}

describe('a slab of output', () => {
  it('gives memory for as many frames as it is asked for, each byte once', () => {
    const slab = new OutputSlab(10, 100);
    const taken = [1, 1, 3, 1, 2, 2, 1].map((count) => slab.take(count));
    expect(taken.map(({ length }) => length)).toEqual([10, 10, 30, 10, 20, 20, 10]);
    for (const [i, piece] of taken.entries()) piece.fill(i + 1);
    for (const [i, piece] of taken.entries()) expect(piece.every((byte) => byte === i + 1)).toBe(true);
  });

  it('holds as many frames as came before, up to its size', () => {
    const sizes = staleMemory();
    const slab = new OutputSlab(10, 55);
    for (let i = 0; i < 18; i++) slab.take(1);
    expect(sizes).toEqual([10, 20, 40, 50, 50, 50]);
  });

  it('gives what is as large as a slab its own memory, and goes on in the one that it has', () => {
    const slab = new OutputSlab(10, 50);
    slab.take(1);
    const before = slab.take(1);
    const large = slab.take(7);
    const after = slab.take(1);
    expect(large.buffer.byteLength).toBe(70);
    expect(after.buffer).toBe(before.buffer);
  });

  it('gives one frame that is larger than a slab may be', () => {
    expect(new OutputSlab(100, 50).take(1)).toHaveLength(100);
  });

  it('clears what nobody was given, when it is let go and when it is exchanged', () => {
    staleMemory();
    const slab = new OutputSlab(10, 80);
    const taken = [1, 2, 1, 4, 1].map((count) => slab.take(count).fill(1));
    slab.release();
    for (const { buffer } of taken) {
      const written = taken
        .filter((piece) => piece.buffer === buffer)
        .reduce((sum, { length }) => sum + length, 0);
      const bytes = [...new Uint8Array(buffer)];
      expect(bytes.filter((byte) => byte === 1)).toHaveLength(written);
      expect(bytes.filter((byte) => byte === 0)).toHaveLength(buffer.byteLength - written);
    }
    slab.release();
    expect(slab.take(1)).toHaveLength(10);
  });

  it('does not let one frame be transferred with its neighbours', () => {
    const slab = new OutputSlab(10, 80);
    slab.take(1);
    const [one, neighbour] = [slab.take(1).fill(1), slab.take(1).fill(2)];
    expect(one.buffer).toBe(neighbour.buffer);
    const { port1 } = new MessageChannel();
    try {
      port1.postMessage(one, [one.buffer as ArrayBuffer]);
    } catch (error) {
      expect((error as Error).name).toBe('DataCloneError'); // Node 20 clones it instead
    }
    port1.close();
    expect([...neighbour]).toEqual(Array.from({ length: 10 }, () => 2));
  });

  it('goes on in a new one where somebody detached it', () => {
    const slab = new OutputSlab(10, 80);
    slab.take(1);
    const { buffer } = slab.take(1);
    slab.take(3);
    const other = slab.take(1);
    structuredCloneAway(other.buffer as ArrayBuffer);
    const next = slab.take(1);
    expect(next.buffer).not.toBe(buffer);
    expect(next).toHaveLength(10);
    slab.release();
  });
});

/** Detaches memory in spite of its mark, as native code may. */
function structuredCloneAway(buffer: ArrayBuffer & { transfer?: () => ArrayBuffer }): void {
  buffer.transfer?.();
}
