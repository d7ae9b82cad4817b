import { isError } from './realms.js';

/** An error of the operating system: it has a `code` such as ENOSPC and a `syscall`. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return isError(error) && 'syscall' in error && 'code' in error;
}

/** Why a system call failed, such as "no space left on device". */
export function reason(error: unknown): string {
  if (!isError(error)) return String(error);
  const [, words] = /^[A-Z0-9_]+: ([^,]+)(?:,|$)/.exec(error.message) ?? [];
  return words ?? error.message;
}
