// @ts-check
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Ticks of the clock with which Linux counts the time of processes and CPUs. */
const TICKS_PER_SECOND = 100;

/**
 * @typedef {object} CpuMark
 * @property {number} at seconds of a monotonic clock
 * @property {number} busy seconds for which all CPUs together were busy or taken by the hypervisor
 * @property {number} ours seconds of this process, and of its children that have ended
 */

/** @returns {CpuMark} with NaN if the system does not report it */
export function cpuMark() {
  const at = performance.now() / 1_000;
  try {
    const [, fields = ''] = /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'latin1')) ?? [];
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = fields
      .split(' ')
      .map(Number);
    const [, after = ''] = readFileSync('/proc/self/stat', 'latin1').split(/\) (?=[^)]*$)/);
    // utime, stime, cutime and cstime, fields 14 to 17; `after` begins with the third.
    const own = after.split(' ').slice(11, 15).map(Number);
    return {
      at,
      busy: (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND,
      ours: own.reduce((sum, ticks) => sum + ticks, 0) / TICKS_PER_SECOND,
    };
  } catch {
    return { at, busy: Number.NaN, ours: Number.NaN };
  }
}

/**
 * @param {CpuMark} before
 * @param {CpuMark} after
 * @param {number} cores
 * @returns {number} the share of the CPUs that went to others in between; 0 if the system does not report it
 */
export function foreignShare(before, after, cores = availableParallelism()) {
  const foreign = after.busy - before.busy - (after.ours - before.ours);
  const share = foreign / ((after.at - before.at) * cores);
  return Number.isNaN(share) ? 0 : Math.max(0, share);
}
