// @ts-check
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';

/** Milliseconds between two firings of the timer whose lateness is measured; the least that Node allows. */
const RESOLUTION = 1;

/**
 * How late a timer of one millisecond was while `work` ran again and again, in milliseconds.
 *
 * @param {() => Promise<unknown>} work
 * @param {{ seconds: number }} least
 * @returns {Promise<{ p99: number, max: number }>}
 */
export async function loopDelay(work, { seconds }) {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION });
  histogram.enable();
  // The first firing only starts the clock; the last one ends a turn that the work held up.
  await setTimeout(3 * RESOLUTION);
  const end = performance.now() + seconds * 1000;
  do await work();
  while (performance.now() < end);
  await setTimeout(3 * RESOLUTION);
  histogram.disable();
  return { p99: lateness(histogram.percentile(99)), max: lateness(histogram.max) };
}

/** @param {number} nanoseconds between two firings */
function lateness(nanoseconds) {
  return Math.max(0, nanoseconds / 1e6 - RESOLUTION);
}
