// @ts-check
import { GCProfiler, getHeapStatistics, setFlagsFromString } from 'node:v8';
import { collectGarbage } from './garbage.mjs';

/**
 * @typedef {object} Allocated
 * @property {number} external bytes outside the JavaScript heap: the memory of every ArrayBuffer
 * @property {number} heap bytes in the JavaScript heap
 */

/**
 * Counts what `work` allocates, garbage included. V8's counters say only what is in use, so their growth is added up
 * from the end of each collection to the beginning of the next.
 *
 * V8 frees the memory of array buffers on another thread, between collections. This function turns that off for the
 * rest of the process, so that the sum is exact: call it after the timing. The sum for the heap leaves out what a
 * concurrent sweep freed during the work: it is a lower bound, too low by a few percent.
 *
 * @param {() => Promise<unknown>} work
 * @returns {Promise<Allocated>}
 */
export async function allocatedBy(work) {
  setFlagsFromString('--no-concurrent-array-buffer-sweeping');
  collectGarbage(); // ends a sweep that is under way
  const profiler = new GCProfiler();
  const before = getHeapStatistics();
  profiler.start();
  await work();
  const after = getHeapStatistics();
  const { statistics } = profiler.stop();
  const marks = [
    { external: before.external_memory, heap: before.used_heap_size },
    ...statistics.flatMap(({ beforeGC, afterGC }) => [usage(beforeGC), usage(afterGC)]),
    { external: after.external_memory, heap: after.used_heap_size },
  ];
  const sum = { external: 0, heap: 0 };
  // In pairs: from the first mark the program runs, until a collection begins at the second.
  for (let i = 0; i < marks.length; i += 2) {
    const [from, to] = [marks[i], marks[i + 1]];
    if (from === undefined || to === undefined) continue;
    sum.external += to.external - from.external;
    sum.heap += to.heap - from.heap;
  }
  return sum;
}

/** @param {{ heapStatistics: { externalMemory: number, usedHeapSize: number } }} collection */
function usage({ heapStatistics }) {
  return { external: heapStatistics.externalMemory, heap: heapStatistics.usedHeapSize };
}
