import type { SealpipeError } from '../../errors.js';
import type { KeyDirectory } from './key-directory.js';
import type { KeyRecord } from './key-record.js';
import { currentMaterial } from './key-record.js';

/** The current state of a key, without its secrets. */
export interface ListedKey extends Omit<KeyRecord, 'materials'> {
  /** The id of the key material that encrypts. */
  readonly keyMaterialId: string;
}

/** Every readable key of a KMS, and the names of unreadable ones. */
export interface Inventory {
  /** In the order of their ids. */
  readonly keys: readonly ListedKey[];
  /** The aliases of each key, by its id, in order. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  /** One error for each file that cannot be read: its message names the file. */
  readonly damaged: readonly SealpipeError[];
}

/** Lists all keys. Unlike ListKeys and ListAliases, it goes on if a file is damaged. */
export async function takeInventory({ keys, aliases }: KeyDirectory): Promise<Inventory> {
  const foundAliases = await aliases.survey();
  const foundKeys = await keys.survey();
  const byKey = new Map<string, string[]>(foundKeys.records.map(({ keyId }) => [keyId, []]));
  for (const { aliasName, targetKeyId = '' } of foundAliases.records) byKey.get(targetKeyId)?.push(aliasName);
  for (const names of byKey.values()) names.sort();
  return {
    keys: foundKeys.records.map(({ materials, ...key }) => ({
      ...key,
      keyMaterialId: currentMaterial({ materials }),
    })),
    aliases: byKey,
    damaged: [...foundKeys.damaged, ...foundAliases.damaged],
  };
}
