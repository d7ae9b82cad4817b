// @ts-check
import { readFileSync, writeFileSync } from 'node:fs';

/**
 * The most memory that a process had in use so far, in bytes. Linux hands `maxRSS` down from the parent process;
 * `VmHWM` is the process's own.
 *
 * @param {number | 'self'} id of a process; without /proc only 'self' works
 * @returns {number} NaN if it is unknown, such as for a process that has ended
 */
export function peakMemory(id = 'self') {
  try {
    const [, kibibytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${id}/status`, 'utf8')) ?? [];
    return Number(kibibytes) * 1024;
  } catch {
    return id === 'self' ? process.resourceUsage().maxRSS * 1024 : Number.NaN;
  }
}

/** Resets the peak of this process to the memory that is in use now, if the system can do that. */
export function forgetPeakMemory() {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Then the peak is that of the whole process, preparation included.
  }
}
