import { randomUUID } from 'node:crypto';
import { ServiceError } from '../protocol/service-error.js';
import type { KeyDirectory } from './key-directory.js';
import type { KeyRecord } from './key-record.js';

/**
 * Creates a key with an alias, or nothing at all: of several processes that want the same alias, one creates a key.
 *
 * The alias is created first, and names nothing until its key exists. The process that comes second has therefore
 * created no key that it would have to remove.
 *
 * @returns undefined if the alias was taken, perhaps by another process at the same moment
 */
export async function createNamedKey(
  { keys, aliases }: KeyDirectory,
  aliasName: string,
  description: string,
): Promise<KeyRecord | undefined> {
  const keyId = randomUUID();
  try {
    await aliases.create(aliasName, keyId);
  } catch (error) {
    if (error instanceof ServiceError && error.name === 'AlreadyExistsException') return undefined;
    throw error;
  }
  return keys.createPromised(keyId, description);
}

/** Creates a key with an alias unless the alias already exists, in whatever state its key is. */
export async function ensureNamedKey(directory: KeyDirectory, aliasName: string): Promise<void> {
  while ((await directory.aliases.find(aliasName)) === undefined) {
    await createNamedKey(directory, aliasName, '');
  }
}
