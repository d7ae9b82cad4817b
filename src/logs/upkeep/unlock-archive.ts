import { breakLock } from '../archive/lock/writer-lock.js';
import type { Machine } from '../writer/open-log-writer.js';
import { thisMachine } from '../writer/open-log-writer.js';

/**
 * Breaks the lock of a folder of archives: that of a writer on another machine that has certainly ended, or a damaged
 * lock file.
 *
 * @returns whether a lock existed
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_LOCKED` if its owner runs on this machine; the error of the system
 */
export function unlockArchive(directory: string, machine: Machine = thisMachine()): Promise<boolean> {
  return breakLock({ ...machine, directory });
}
