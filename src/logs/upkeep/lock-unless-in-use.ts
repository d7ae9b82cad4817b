import { isSealpipeError } from '../../errors.js';
import type { LockPlace, WriterLock } from '../archive/lock/writer-lock.js';
import { lockFolder } from '../archive/lock/writer-lock.js';

/**
 * Takes the lock of a folder, for work that is also possible while a writer is active.
 *
 * @returns undefined while a writer holds the lock
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_LOCKED` on NFS; the error of the system
 */
export async function lockUnlessInUse(
  place: LockPlace,
  singleWriter: boolean,
): Promise<WriterLock | undefined> {
  try {
    return await lockFolder(place, singleWriter);
  } catch (error) {
    const isInUse =
      isSealpipeError(error) && error.code === 'ERR_SEALPIPE_LOCKED' && error.retryable === true;
    if (isInUse) return undefined;
    throw error;
  }
}
