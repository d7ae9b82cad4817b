import type { BigIntStats } from 'node:fs';
import { readFileSync, statSync } from 'node:fs';

/** What a descriptor was opened for. */
export type Access = 'read' | 'write' | 'both';

/** By the two lowest bits of a descriptor's flags. */
const ACCESSES: readonly Access[] = ['read', 'write', 'both'];
const LAST_STANDARD = 2;

/** What an open descriptor was opened for; undefined where the system does not say. Linux does. */
export function accessOf(fd: number): Access | undefined {
  return ACCESSES[(flagsOf(fd) ?? ACCESSES.length) & 3];
}

/** The flags that a descriptor was opened with, as Linux numbers them; undefined elsewhere. */
export function flagsOf(fd: number): number | undefined {
  try {
    const [, digits = ''] =
      /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1')) ?? [];
    return digits === '' ? undefined : Number.parseInt(digits, 8);
  } catch {
    return undefined;
  }
}

/**
 * Whether a standard descriptor was closed when the command was started, as `<&-` and `>&-` do. Node opens /dev/null in
 * its place, for reading and writing. `</dev/null` and `>/dev/null` are open for one of them; so is what Node gives a
 * child as its standard input for `stdio: 'ignore'`, but as its standard output that cannot be told from a closed one.
 */
export function wasClosed(fd: number, stats: BigIntStats): boolean {
  return fd <= LAST_STANDARD && isNullDevice(stats) && accessOf(fd) === 'both';
}

function isNullDevice(stats: BigIntStats): boolean {
  if (!stats.isCharacterDevice()) return false;
  try {
    return stats.rdev === statSync('/dev/null', { bigint: true }).rdev;
  } catch {
    return false;
  }
}
