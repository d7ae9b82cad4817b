import type { EmbeddedKms } from './embedded-kms.js';
import { createKey } from './local-keys.js';

/** The key that seals where none is given. */
export const DEFAULT_ALIAS = 'alias/default';

/**
 * Makes the default key, unless it is there. Of two processes that do so at once, one is first, and both use its key.
 *
 * @returns whether it was made now, and here
 */
export async function makeDefaultKey(kms: EmbeddedKms): Promise<boolean> {
  return (await createKey(kms, DEFAULT_ALIAS, 'made by sealpipe encrypt')) !== undefined;
}
