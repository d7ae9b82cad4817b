import type { EmbeddedKms } from './embedded-kms.js';
import { createKey } from './local-keys.js';

/** The alias of the key that seals if none is given. */
export const DEFAULT_ALIAS = 'alias/default';

/**
 * Creates the default key unless it already exists. If two processes do so at once, both use the key of the first.
 *
 * @returns whether this call created it
 */
export async function makeDefaultKey(kms: EmbeddedKms): Promise<boolean> {
  return (await createKey(kms, DEFAULT_ALIAS, 'made by sealpipe encrypt')) !== undefined;
}
