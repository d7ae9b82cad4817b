import { isError } from '../../../realms.js';

const WORDS = 'Parts of the upload may be left, which cost money: `sealpipe uploads --abort` removes them';

/**
 * Adds to the hint of an error that parts may be left. The error stays what it is, and whose it is: what the upload
 * failed with says more than that cleaning up failed too.
 */
export function hintAtParts(error: unknown): void {
  if (!isError(error)) return;
  try {
    const { hint } = error as { hint?: unknown };
    if (hint !== undefined && typeof hint !== 'string') return;
    if (hint?.includes(WORDS)) return;
    const value = hint === undefined ? WORDS : `${hint.replace(/\.$/, '')}. ${WORDS}`;
    Object.defineProperty(error, 'hint', { value, enumerable: true, configurable: true, writable: true });
  } catch {
    // An error of other code may be frozen.
  }
}
