import { randomUUID } from 'node:crypto';
import { ServiceError } from '../protocol/service-error.js';
import type { KeyDirectory } from './key-directory.js';
import type { KeyRecord } from './key-record.js';

/**
 * Makes a key under an alias, or nothing at all: of several processes that want the same alias, one makes a key.
 *
 * The alias comes first, and names nothing until its key exists. So the process that was second has made no key that it
 * would have to remove.
 *
 * @returns undefined if the alias was taken, maybe by another process at this very moment
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

/** Makes a key under an alias unless the alias already exists, whatever the state of its key. */
export async function ensureNamedKey(directory: KeyDirectory, aliasName: string): Promise<void> {
  while ((await directory.aliases.find(aliasName)) === undefined) {
    await createNamedKey(directory, aliasName, '');
  }
}
