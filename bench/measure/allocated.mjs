// @ts-check
import { GCProfiler, getHeapStatistics, setFlagsFromString } from 'node:v8';
import { collectGarbage } from './garbage.mjs';

/**
 * @typedef {object} Allocated
 * @property {number} external bytes outside of the JavaScript heap: the memory of every ArrayBuffer
 * @property {number} heap bytes in the JavaScript heap
 */

/**
 * Counts what `work` allocates, garbage included. V8's counters say only what is in use, so their growth is added up
 * from the end of each collection to the beginning of the next.
 *
 * The memory of array buffers is freed beside the program, between collections: that is turned off first, for good,
 * so that the sum is exact. Therefore call this when the timing is done. The heap's sum leaves out what a sweep beside
 * the program gave back during the work: it is a lower bound, some percent of the whole.
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
  // In twos: from here on the program runs, until there a collection begins.
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
