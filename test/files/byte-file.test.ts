import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFull, writeFull } from '../../src/files/byte-file.js';
import { cutAt, patterned } from '../support/pieces.js';
import { MemoryFile, systemError } from './memory-file.js';

const never = new AbortController().signal;
const sizes = (most: number) => fc.array(fc.integer({ min: 1, max: most }), { minLength: 1, maxLength: 5 });
const viewsOf = (lengths: readonly number[]) => {
  const memory = Buffer.alloc(lengths.reduce((sum, length) => sum + length, 0));
  let at = 0;
  return { memory, views: lengths.map((length) => memory.subarray(at, (at += length))) };
};

describe('reading into views', () => {
  it('fills them in their order, whatever pieces come, and stops at the end', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(20), { maxLength: 8 }),
        fc.nat(120),
        sizes(30),
        async (lengths, length, most) => {
          const { memory, views } = viewsOf(lengths);
          const content = patterned(length);
          const read = await readFull(new MemoryFile(content, { most }), views, never);
          expect(read).toBe(Math.min(length, memory.length));
          expect(memory.subarray(0, read).equals(content.subarray(0, read))).toBe(true);
          expect(memory.subarray(read).every((byte) => byte === 0)).toBe(true);
        },
      ),
    ));

  it('asks for the end once, and for nothing where nothing is wanted', async () => {
    const file = new MemoryFile(patterned(10), { most: [4] });
    expect(await readFull(file, [Buffer.alloc(20)], never)).toBe(10);
    expect(file.operations).toBe(4);
    expect(await readFull(file, [], never)).toBe(0);
    expect(await readFull(file, [Buffer.alloc(0)], never)).toBe(0);
    expect(file.operations).toBe(4);
  });

  it('fails with the error of the file', async () => {
    const error = systemError('EIO', 'read');
    const file = new MemoryFile(patterned(10), { most: [4], failsAt: 1, error });
    await expect(readFull(file, [Buffer.alloc(20)], never)).rejects.toBe(error);
  });
});

describe('writing views', () => {
  it('writes all of them, however few bytes are taken at once', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.nat(100)), fc.nat(100), sizes(30), async (cuts, length, most) => {
        const content = patterned(length);
        const file = new MemoryFile(undefined, { most });
        const taken: number[] = [];
        await writeFull(file, cutAt(content, cuts), never, (bytes) => taken.push(bytes));
        expect(file.written.equals(content)).toBe(true);
        expect(taken.reduce((sum, bytes) => sum + bytes, 0)).toBe(length);
        expect(taken).toHaveLength(file.operations);
      }),
    ));

  it('writes nothing where there is nothing', async () => {
    const file = new MemoryFile();
    await writeFull(file, [Buffer.alloc(0), Buffer.alloc(0)], never, () => expect.fail('taken'));
    expect(file.operations).toBe(0);
  });

  it('fails with the error of the file, and has counted what was taken before', async () => {
    const error = systemError('ENOSPC', 'write');
    const taken: number[] = [];
    const file = new MemoryFile(undefined, { most: [4], failsAt: 2, error });
    const writing = writeFull(file, [patterned(20)], never, (bytes) => taken.push(bytes));
    await expect(writing).rejects.toBe(error);
    expect(taken).toEqual([4, 4]);
  });

  it('does not ask for ever where nothing is taken', async () => {
    const file = new MemoryFile(undefined, { most: [0] });
    const writing = writeFull(file, [patterned(20)], never, () => undefined);
    await expect(writing).rejects.toMatchObject({ code: 'EIO', syscall: 'write' });
  });
});

it('both stop between two operations, with the reason that they were given', async () => {
  for (const act of ['read', 'write'] as const) {
    const stopping = new AbortController();
    const reason = new Error('enough');
    const behaviour = { most: [4], onBegin: (at: number) => void (at === 1 && stopping.abort(reason)) };
    const file = new MemoryFile(patterned(20), behaviour);
    const acting =
      act === 'read'
        ? readFull(file, [Buffer.alloc(20)], stopping.signal)
        : writeFull(file, [patterned(20)], stopping.signal, () => undefined);
    await expect(acting).rejects.toBe(reason);
    expect([file.operations, file.inFlight]).toEqual([2, 0]);
  }
});
