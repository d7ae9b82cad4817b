import type { LockAnswer } from '../../file-system.js';
import { loadAddon } from './addon.js';

/** What `fcntl` answers if another open file holds the lock. */
const HELD = ['EAGAIN', 'EACCES'];
/** What it answers if the kernel or the file system has no such locks. */
const NO_LOCKS = ['ENOLCK', 'EOPNOTSUPP', 'EINVAL', 'ENOSYS'];

/**
 * Asks for an exclusive lock of the open file description on a whole file, which is open for writing. It ends with the
 * last descriptor of that description, whatever way the process ends.
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
 * @returns whether it could be done: without the addon nobody can tell what there is
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
