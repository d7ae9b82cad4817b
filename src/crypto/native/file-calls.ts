import type { LockAnswer } from '../../file-system.js';
import { loadAddon } from './addon.js';

/** The error of `fcntl` if another open file holds the lock. */
const HELD = ['EAGAIN', 'EACCES'];
/** Its errors if the kernel or the file system has no such locks. */
const NO_LOCKS = ['ENOLCK', 'EOPNOTSUPP', 'EINVAL', 'ENOSYS'];

/**
 * Requests an exclusive lock on a whole file that is open for writing. The lock belongs to the open file description:
 * it ends with its last descriptor, however the process ends.
 *
 * @throws Error with the `code` of the system
 */
export function lockFile(descriptor: number): LockAnswer {
  const addon = loadAddon();
  if (typeof addon === 'string') return 'none';
  const error = addon.lockFile(descriptor);
  if (error === undefined) return 'locked';
  if (HELD.includes(error)) return 'held';
  if (NO_LOCKS.includes(error)) return 'none';
  throw systemError(error, 'fcntl');
}

/**
 * Gives one open file the extended attributes of another, ACLs among them.
 *
 * @returns false without the addon, since then the attributes cannot be read
 * @throws Error with the `code` of the system
 */
export function copyAttributes(from: number, to: number): boolean {
  const addon = loadAddon();
  if (typeof addon === 'string') return false;
  const error = addon.copyAttributes(from, to);
  if (error !== undefined) throw systemError(error, 'fsetxattr');
  return true;
}

function systemError(code: string, syscall: string): Error {
  return Object.assign(new Error(`${code}: ${syscall}`), { code, syscall });
}
