import { breakLock } from '../archive/lock/writer-lock.js';
import type { Machine } from '../writer/open-log-writer.js';
import { thisMachine } from '../writer/open-log-writer.js';

/**
 * Breaks the lock of a folder of archives: of a writer on another machine that is gone for certain, or of a lock file
 * that is damaged.
 *
 * @returns whether there was one to break
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_LOCKED` if its owner runs on this machine; the error of the system
 */
export function unlockArchive(directory: string, machine: Machine = thisMachine()): Promise<boolean> {
  return breakLock({ ...machine, directory });
}
