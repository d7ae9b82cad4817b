import type { BigIntStats } from 'node:fs';
import { readFileSync, statSync } from 'node:fs';

/** The access mode of a descriptor. */
export type Access = 'read' | 'write' | 'both';

/** Indexed by the two lowest bits of the flags. */
const ACCESSES: readonly Access[] = ['read', 'write', 'both'];
const LAST_STANDARD = 2;

/** The access mode of an open descriptor; undefined if the system does not tell. Linux does. */
export function accessOf(fd: number): Access | undefined {
  return ACCESSES[(flagsOf(fd) ?? ACCESSES.length) & 3];
}

/** The flags of a descriptor on Linux; undefined elsewhere. */
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
 * Whether a standard descriptor was closed when the command was started, like with `<&-` and `>&-`. Node opens
 * /dev/null in its place, for reading and writing. `</dev/null` and `>/dev/null` are open for only one of them. So is
 * the standard input of a child of Node with `stdio: 'ignore'`, but its standard output cannot be distinguished from a
 * closed one.
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
