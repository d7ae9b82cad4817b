import { describe, expect, it } from 'vitest';
import { PartBuffers } from '../../../../src/s3/upload/parts/part-buffers.js';

const MIB = 2 ** 20;

describe('the memory of parts', () => {
  it('is as many buffers as may be in flight, and one more', () => {
    const buffers = new PartBuffers(2);
    const taken = [buffers.take(10), buffers.take(10), buffers.take(10)];
    expect(taken.every((one) => one?.length === 10)).toBe(true);
    expect(buffers.take(10)).toBeUndefined();
  });

  it('is used again only when it was given back', () => {
    const buffers = new PartBuffers(1);
    const [first] = [buffers.take(10), buffers.take(10)];
    expect(buffers.take(8)).toBeUndefined();
    buffers.give(first!);
    expect(buffers.take(8)).toBe(first);
  });

  it('stays within 256 MiB, whatever the concurrency', () => {
    const buffers = new PartBuffers(16);
    const taken = [];
    for (let one = buffers.take(64 * MIB); one !== undefined; one = buffers.take(64 * MIB)) taken.push(one);
    expect(taken).toHaveLength(4);
  });

  it('always holds one part, however large', () => {
    const buffers = new PartBuffers(4);
    expect(buffers.take(300 * MIB)?.length).toBe(300 * MIB);
    expect(buffers.take(1)).toBeUndefined();
  });

  it('lets go of what has become too small', () => {
    const buffers = new PartBuffers(1);
    const [small, other] = [buffers.take(10), buffers.take(10)];
    buffers.give(small!);
    const large = buffers.take(20);
    expect(large?.length).toBe(20);
    buffers.give(other!);
    expect(buffers.take(20)).not.toBe(other);
  });
});
