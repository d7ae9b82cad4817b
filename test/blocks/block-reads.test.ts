import { describe, expect, it } from 'vitest';
import type { ReadWork } from '../../src/blocks/block-reads.js';
import { readBlocks } from '../../src/blocks/block-reads.js';
import { patterned } from '../support/pieces.js';
import { expectQuietProcess, turns } from '../support/quiet-process.js';
import { isZero } from '../support/zeros.js';

expectQuietProcess();

const F = 1_048_576;
/** Bytes of a block: one frame and its tag. */
const BLOCK = F + 16;
const never = new AbortController().signal;
const mine = new Error('mine');
const other = new Error('other');

/** Work whose reads end when they are told to. */
function controlled(content: Uint8Array, faultAt = -1) {
  const log: string[] = [];
  const ends = new Map<number, (error?: Error) => void>();
  const memory = new Set<ArrayBufferLike>();
  const taken: Buffer[] = [];
  const terms: ReadWork = {
    frameSize: F,
    size: content.length,
    read(view, position) {
      const at = position / BLOCK;
      log.push(`read ${at}`);
      memory.add(view.buffer);
      return new Promise((resolve, reject) => {
        ends.set(at, (error) => {
          ends.delete(at);
          view.set(content.subarray(position, position + view.length));
          if (error === undefined) resolve();
          else reject(error);
        });
      });
    },
    work(block, length, isLast) {
      log.push(`block ${taken.length}${isLast ? ', the last' : ''}`);
      taken.push(Buffer.from(block.memory.subarray(0, length)));
      if (taken.length - 1 === faultAt) throw mine;
    },
  };
  const end = async (at: number, error?: Error) => {
    ends.get(at)!(error);
    await turns(2);
  };
  return { terms, log, ends, end, memory, taken };
}

const isWiped = (memory: Iterable<ArrayBufferLike>) =>
  [...memory].every((buffer) => isZero(Buffer.from(buffer)));

describe('blocks that are read', () => {
  it('are worked on in their order, while the next two are being read', async () => {
    const content = patterned(3 * BLOCK + 10);
    const { terms, log, end, memory, taken } = controlled(content);
    const done = readBlocks(terms, never);
    expect(log).toEqual(['read 0', 'read 1']);
    await end(1);
    expect(log.slice(2)).toEqual([]);
    await end(0);
    expect(log.slice(2)).toEqual(['read 2', 'block 0', 'read 3', 'block 1']);
    await end(2);
    expect(log.slice(6)).toEqual(['block 2']);
    await end(3);
    await done;
    expect(log.slice(7)).toEqual(['block 3, the last']);
    expect(Buffer.concat(taken).equals(content)).toBe(true);
    expect([memory.size, isWiped(memory)]).toEqual([3, true]);
  });

  it.each([0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK])('end after %i bytes', async (size) => {
    const content = patterned(size);
    const { terms, log, ends, end, memory, taken } = controlled(content);
    const done = readBlocks(terms, never);
    for (let at = 0; ends.has(at); at++) await end(at);
    await done;
    expect(Buffer.concat(taken).equals(content)).toBe(true);
    const last = Math.floor(size / BLOCK);
    expect(log.filter((entry) => entry.endsWith(', the last'))).toEqual([`block ${last}, the last`]);
    expect(memory.size).toBe(Math.ceil(size / BLOCK));
  });
});

describe('blocks of which one fails', () => {
  it.each([
    ['a read', undefined],
    ['the work before it', 0],
  ])('have the error of %s, once nothing is being read any more', async (_, faultAt) => {
    const { terms, log, end, memory } = controlled(patterned(5 * BLOCK), faultAt);
    let over = false;
    const done = readBlocks(terms, never).finally(() => {
      over = true;
    });
    done.catch(() => undefined);
    await end(1, faultAt === undefined ? mine : other);
    await end(0);
    expect([log.slice(2), over]).toEqual([['read 2', 'block 0'], false]);
    await end(2);
    await expect(done).rejects.toBe(mine);
    expect(isWiped(memory)).toBe(true);
  });

  it('are not worked on after an abort', async () => {
    const { terms, log, end, memory } = controlled(patterned(5 * BLOCK));
    const stopping = new AbortController();
    const done = readBlocks(terms, stopping.signal);
    done.catch(() => undefined);
    await end(0);
    stopping.abort(mine);
    await end(1);
    await end(2);
    await expect(done).rejects.toBe(mine);
    expect(log).toEqual(['read 0', 'read 1', 'read 2', 'block 0']);
    expect(isWiped(memory)).toBe(true);
  });
});
