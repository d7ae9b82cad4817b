// @ts-check
import { readFileSync } from 'node:fs';

/**
 * The most memory that this process had in use, in bytes. Linux hands `maxRSS` down from the parent process; `VmHWM`
 * is this process's own.
 */
export function peakMemory() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  const [, kibibytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kibibytes) * 1024;
}
