import { describe, expect, it } from 'vitest';
import type { BlockWork, Transport } from '../../src/blocks/block-rotation.js';
import { rotateBlocks } from '../../src/blocks/block-rotation.js';
import type { FrameBlock } from '../../src/blocks/frame-block.js';
import { patterned } from '../support/pieces.js';
import { expectQuietProcess, turns } from '../support/quiet-process.js';
import { isZero } from '../support/zeros.js';

expectQuietProcess();

const F = 1_048_576;
const never = new AbortController().signal;
const mine = new Error('mine');
const other = new Error('other');

/** A transport whose operations end when they are told to. */
function controlled(content: Uint8Array) {
  const log: string[] = [];
  const waiting = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  const memory = new Set<ArrayBufferLike>();
  const written: Buffer[] = [];
  let reads = 0;
  let writes = 0;
  let rest = content;
  const gate = (name: string) => {
    log.push(name);
    return new Promise<void>((resolve, reject) => void waiting.set(name, { resolve, reject })).finally(() => {
      waiting.delete(name);
    });
  };
  const transport: Transport = {
    read: async ([view]) => {
      memory.add(view!.buffer);
      await gate(`read ${reads++}`);
      const piece = rest.subarray(0, view!.length);
      view!.set(piece);
      rest = rest.subarray(piece.length);
      return piece.length;
    },
    write: async (views) => {
      if (views.every(({ length }) => length === 0)) return;
      await gate(`write ${writes++}`);
      written.push(Buffer.concat(views));
    },
  };
  const end = async (name: string, error?: Error) => {
    if (error === undefined) waiting.get(name)!.resolve();
    else waiting.get(name)!.reject(error);
    await turns(2);
  };
  return { transport, end, log, memory, waiting, written: () => Buffer.concat(written) };
}

/** BlockWork that turns every byte, where it lies. */
function blockWork(log: string[], fault?: { at: number; error: Error }): BlockWork {
  let blocks = 0;
  return {
    frameSize: F,
    inputViews: ({ bodies }: FrameBlock) => bodies,
    process: async ({ memory }, length, isLast, ready) => {
      const at = blocks++;
      log.push(`block ${at}${isLast ? ', the last' : ''}`);
      for (let i = 0; i < length; i++) memory[i]! ^= 0xff;
      ready(memory.subarray(0, length));
      if (at === fault?.at) throw fault.error;
    },
  };
}

const turned = (bytes: Uint8Array) => Buffer.from(bytes.map((byte) => byte ^ 0xff));
const FIRST = Buffer.from('first');
const isWiped = (memory: Iterable<ArrayBufferLike>) =>
  [...memory].every((buffer) => isZero(Buffer.from(buffer)));

describe('a rotation of blocks', () => {
  it('reads the next block and writes the one before while it works, in the order of the blocks', async () => {
    const content = patterned(3 * F + 10);
    const { transport, end, log, memory, written } = controlled(content);
    const done = rotateBlocks(blockWork(log), transport, FIRST, never);
    expect(log).toEqual(['read 0', 'write 0']);
    await end('read 0');
    // The next read is under way before the work begins; the block goes out when the write before it has ended.
    expect(log.slice(2)).toEqual(['read 1', 'block 0']);
    await end('write 0');
    expect(log.slice(4)).toEqual(['write 1']);
    await end('read 1');
    expect(log.slice(5)).toEqual(['read 2', 'block 1']);
    await end('read 2');
    expect(log.slice(7)).toEqual([]);
    await end('write 1');
    expect(log.slice(7)).toEqual(['write 2', 'read 3', 'block 2']);
    await end('write 2');
    await end('write 3');
    await end('read 3');
    expect(log.slice(10)).toEqual(['write 3', 'block 3, the last', 'write 4']);
    await end('write 4');
    await done;
    expect(written().equals(Buffer.concat([FIRST, turned(content)]))).toBe(true);
    expect([memory.size, isWiped(memory)]).toEqual([3, true]);
  });

  it('works once on an empty block if the input is empty, or if its last block was full', async () => {
    for (const size of [0, F]) {
      const { transport, end, log } = controlled(patterned(size));
      const done = rotateBlocks(blockWork(log), transport, FIRST, never);
      await end('write 0');
      await end('read 0');
      if (size > 0) {
        await end('read 1');
        await end('write 1');
      }
      await done;
      expect(log.at(-1)).toBe(size > 0 ? 'block 1, the last' : 'block 0, the last');
    }
  });
});

describe('a rotation that fails', () => {
  it('waits for the write under way when a read fails', async () => {
    const { transport, end, log, waiting, memory } = controlled(patterned(3 * F));
    let over = false;
    const done = rotateBlocks(blockWork(log), transport, FIRST, never).finally(() => {
      over = true;
    });
    done.catch(() => undefined);
    await end('read 0');
    await end('read 1', mine);
    expect([...waiting.keys(), over]).toEqual(['write 0', false]);
    await end('write 0');
    expect([...waiting.keys(), over]).toEqual(['write 1', false]);
    await end('write 1');
    await expect(done).rejects.toBe(mine);
    expect(isWiped(memory)).toBe(true);
  });

  it('waits for the read under way when a write fails', async () => {
    const { transport, end, log, waiting, memory } = controlled(patterned(3 * F));
    let over = false;
    const done = rotateBlocks(blockWork(log), transport, FIRST, never).finally(() => {
      over = true;
    });
    done.catch(() => undefined);
    await end('write 0', mine);
    await end('read 0');
    expect([...waiting.keys(), over]).toEqual(['read 1', false]);
    await end('read 1', other);
    await expect(done).rejects.toBe(mine);
    expect(log).toEqual(['read 0', 'write 0', 'read 1', 'block 0']);
    expect(isWiped(memory)).toBe(true);
  });

  it('writes what was ready when the work fails, and ends nothing before it is written', async () => {
    const { transport, end, log, waiting, written, memory } = controlled(patterned(3 * F));
    const done = rotateBlocks(blockWork(log, { at: 1, error: mine }), transport, FIRST, never);
    done.catch(() => undefined);
    for (const name of ['read 0', 'write 0', 'read 1', 'write 1']) await end(name);
    expect([...waiting.keys()]).toEqual(['read 2', 'write 2']);
    await end('read 2');
    await end('write 2');
    await expect(done).rejects.toBe(mine);
    expect(written()).toHaveLength(FIRST.length + 2 * F);
    expect(isWiped(memory)).toBe(true);
  });

  it.each(['write 1', 'write 2'])('has the error of its work, which came before that of %s', async (name) => {
    const { transport, end, log, waiting, memory } = controlled(patterned(3 * F));
    const done = rotateBlocks(blockWork(log, { at: 1, error: mine }), transport, FIRST, never);
    done.catch(() => undefined);
    for (const before of ['read 0', 'write 0', 'read 1']) await end(before);
    if (name === 'write 2') await end('write 1');
    await end(name, other);
    expect([...waiting.keys()]).toEqual(['read 2']);
    await end('read 2');
    await expect(done).rejects.toBe(mine);
    expect(isWiped(memory)).toBe(true);
  });

  it('has the error of a write, which came before that of its work', async () => {
    const { transport, end, log, memory } = controlled(patterned(3 * F));
    const done = rotateBlocks(blockWork(log, { at: 1, error: other }), transport, FIRST, never);
    done.catch(() => undefined);
    for (const before of ['read 0', 'write 0']) await end(before);
    await end('write 1', mine);
    await end('read 1');
    await end('read 2');
    await expect(done).rejects.toBe(mine);
    expect(isWiped(memory)).toBe(true);
  });

  it('has the error of its last write', async () => {
    const { transport, end, log, written, memory } = controlled(patterned(10));
    const done = rotateBlocks(blockWork(log), transport, FIRST, never);
    done.catch(() => undefined);
    for (const name of ['read 0', 'write 0']) await end(name);
    await end('write 1', mine);
    await expect(done).rejects.toBe(mine);
    expect(written().equals(FIRST)).toBe(true);
    expect(isWiped(memory)).toBe(true);
  });

  it('stops at its next step when it is told to, and works on nothing more', async () => {
    const { transport, end, log, memory } = controlled(patterned(3 * F));
    const stopping = new AbortController();
    const done = rotateBlocks(blockWork(log), transport, FIRST, stopping.signal);
    done.catch(() => undefined);
    await end('read 0');
    await end('write 0');
    stopping.abort(mine);
    await end('write 1');
    await end('read 1');
    await expect(done).rejects.toBe(mine);
    expect(log.filter((entry) => entry.startsWith('block'))).toEqual(['block 0']);
    expect(isWiped(memory)).toBe(true);
  });
});
