import type { ByteSource } from '../../src/sources/byte-source.js';

/** A source over bytes that records what is asked of it. */
export function countedSource(bytes: Uint8Array): {
  source: ByteSource;
  reads: [start: number, end: number][];
  calls: { size: number; close: number; most: number };
} {
  const reads: [number, number][] = [];
  const calls = { size: 0, close: 0, most: 0 };
  let underWay = 0;
  const source: ByteSource = {
    size: async () => {
      calls.size += 1;
      return bytes.length;
    },
    read: async (start, end) => {
      reads.push([start, end]);
      underWay += 1;
      calls.most = Math.max(calls.most, underWay);
      await new Promise(setImmediate);
      underWay -= 1;
      return bytes.subarray(start, end);
    },
    close: async () => {
      calls.close += 1;
    },
  };
  return { source, reads, calls };
}
