import { join } from 'node:path';
import type { LockRecord } from './lock-record.js';

/** The path of the lock of a folder. */
export function lockPath(directory: string): string {
  return join(directory, 'lock');
}

/** The name by which a record is taken over. A record belongs to one acquisition, so the name is new. */
export function claimName(directory: string, { nonce }: LockRecord): string {
  return join(directory, `lock.after-${nonce}`);
}

/** Whether a name is one by which some record is taken over. */
export function isClaim(name: string): boolean {
  return /^lock\.after-[0-9a-f]{32}$/.test(name);
}

/** Whether a name in a folder of archives belongs to its lock, or was left by a process that requested it. */
export function isOfLock(name: string): boolean {
  return name === 'lock' || isClaim(name) || /^\.lock\.[0-9a-f]{16}\.tmp$/.test(name);
}
