import { SealpipeError } from '../../errors.js';
import type { FileFacts, FileSystem, LockAnswer, OpenFile } from '../../file-system.js';
import { isSameFile } from '../../file-system.js';

/** An open file that will be changed, locked if the system has such locks. */
export interface LockedFile {
  /** The path without symbolic links. */
  readonly path: string;
  readonly file: OpenFile;
  /** The facts at the time of opening. */
  readonly facts: FileFacts;
  readonly lock: Exclude<LockAnswer, 'held'>;
}

/** A file may get another one's name between `open` and `lock`, but hardly each time. */
const MOST_TRIES = 5;

/**
 * Opens a regular file and locks it. The lock is on the file that has the path at that moment.
 *
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_LOCKED` if another process holds the lock, `ERR_SEALPIPE_CHANGED` if
 * the path keeps changing; the error of the system
 */
export async function openLocked(files: FileSystem, name: string): Promise<LockedFile> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const path = await files.resolve(name);
    const file = await files.open(path, { access: 'read-write' });
    try {
      const lock = file.lock();
      if (lock === 'held') {
        throw new SealpipeError('ERR_SEALPIPE_LOCKED', `Another re-wrap is at work on ${path}`, {
          hint: 'Wait until it has ended',
          retryable: true,
        });
      }
      const facts = await file.facts();
      const named = await files.facts(path);
      if (isSameFile(facts, named)) return { path, file, facts, lock };
    } catch (error) {
      await file.close();
      throw error;
    }
    await file.close();
  }
  throw changed(name);
}

/** Whether a file is unchanged since it was opened. */
export function isUntouched(before: FileFacts, after: FileFacts): boolean {
  return (
    isSameFile(before, after) &&
    before.size === after.size &&
    before.modified === after.modified &&
    before.changed === after.changed
  );
}

/** The error for a file that changed during the work on it. */
export function changed(path: string): SealpipeError {
  return new SealpipeError(
    'ERR_SEALPIPE_CHANGED',
    `${path} changed while it was worked on, and was left as it is: something else writes to it`,
    { hint: 'Try again when nothing else writes to it', retryable: true },
  );
}
