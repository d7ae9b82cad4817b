import { fstatSync, readdirSync, readlinkSync } from 'node:fs';
import { accessOf, flagsOf } from './access.js';

/** O_CLOEXEC of Linux. Node sets it on every descriptor that it opens. */
const CLOSE_ON_EXEC = 0o2000000;
const LAST_STANDARD = 2;

/** Taken when this module is loaded, which the command does before it opens anything. */
const openAtStart = openDescriptors();

/**
 * Whether the command was started with this descriptor, like with `<(…)` and `5< FILE`. Descriptors that were opened
 * later or by Node itself must not be used: writing to them breaks Node, and some read as empty.
 */
export function isInherited(fd: number): boolean {
  if (!isOpen(fd)) return false;
  return fd <= LAST_STANDARD || (openAtStart.has(fd) && !isOfNode(fd));
}

function openDescriptors(): ReadonlySet<number> {
  for (const folder of ['/proc/self/fd', '/dev/fd']) {
    try {
      // Without the descriptor with which the folder itself was read.
      return new Set(readdirSync(folder).map(Number).filter(isOpen));
    } catch {
      // A system without this folder.
    }
  }
  return new Set();
}

/** Node opens event queues, pipes to itself and, as a spare, /dev/null. Only Linux tells this about a descriptor. */
function isOfNode(fd: number): boolean {
  const target = targetOf(fd);
  const flags = flagsOf(fd);
  if (target === undefined || flags === undefined || (flags & CLOSE_ON_EXEC) === 0) return false;
  if (target.startsWith('anon_inode:')) return true;
  if (target === '/dev/null') return accessOf(fd) === 'read';
  return target.startsWith('pipe:') && hasOtherEnd(fd, target);
}

/** Whether both ends of a pipe are in this process, so that it is internal. */
function hasOtherEnd(fd: number, target: string): boolean {
  for (const other of openAtStart) {
    if (
      other !== fd &&
      other > LAST_STANDARD &&
      targetOf(other) === target &&
      accessOf(other) !== accessOf(fd)
    ) {
      return true;
    }
  }
  return false;
}

function targetOf(fd: number): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return undefined;
  }
}

function isOpen(fd: number): boolean {
  try {
    fstatSync(fd);
    return true;
  } catch {
    return false;
  }
}
