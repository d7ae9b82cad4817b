import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { nodeSource, randomMemory, webSource, wholeInput } from '../../../bench/streams/input.mjs';
import { Collector, nodeSink, webSink } from '../../../bench/streams/sinks.mjs';

const memory = randomMemory(1_000);
const twice = Buffer.concat([memory, memory.subarray(0, 500)]);

describe.each([{ paced: false }, { paced: true }])('the sources, %j', ({ paced }) => {
  const input = { memory, size: 1_500, chunkSize: 300, paced };

  it('give the same memory round and round, in chunks, as views', async () => {
    const chunks: Uint8Array[] = [];
    await pipeline(
      nodeSource(input),
      nodeSink((chunk) => chunks.push(chunk)),
    );
    expect(chunks.map(({ length }) => length)).toEqual([300, 300, 300, 100, 300, 200]);
    expect(Buffer.concat(chunks)).toEqual(twice);
    expect(chunks.every(({ buffer }) => buffer === memory.buffer)).toBe(true);
  });

  it('give the same to Node and to the web', async () => {
    const collector = new Collector(1_500);
    await webSource(input).pipeTo(webSink(collector.take));
    expect(collector.bytes).toEqual(twice);
  });
});

describe('an input at once', () => {
  it('is a view where it is one run of the memory, and else a copy', () => {
    expect(wholeInput({ memory, size: 1_500, chunkSize: 1 })).toEqual(twice);
    expect(wholeInput({ memory, size: 900, chunkSize: 1 }).buffer).toBe(memory.buffer);
  });
});

describe('a collector', () => {
  it('takes no more than it was made for', () => {
    const collector = new Collector(3);
    collector.take(new Uint8Array([1, 2]));
    expect(() => collector.take(new Uint8Array([3, 4]))).toThrow(RangeError);
    expect([...collector.bytes]).toEqual([1, 2]);
  });
});
