import { isError } from '../../realms.js';

/** The system's code of a failed call, such as `ENOENT`; empty if it has none. */
export function errorCode(error: unknown): string {
  return isError(error) && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Why a call failed, in the system's words, with the code: `permission denied (EACCES)`. */
export function systemReason(error: unknown): string {
  const code = errorCode(error);
  if (code === '' || !isError(error)) return String(error);
  const [, words] = /^[A-Z0-9_]+: ([^,]+)(?:,|$)/.exec(error.message) ?? [];
  return words === undefined ? code : `${words} (${code})`;
}
