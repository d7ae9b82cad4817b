import type { SealpipeError } from '../../errors.js';
import type { KeyDirectory } from './key-directory.js';
import type { KeyRecord } from './key-record.js';

/** Every key of a KMS that can be read, and what cannot. */
export interface Inventory {
  /** In the order of their ids. */
  readonly keys: readonly KeyRecord[];
  /** The aliases of each key, by its id, in order. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  /** One error for each file that cannot be read: its message names the file. */
  readonly damaged: readonly SealpipeError[];
}

/** Takes stock: unlike ListKeys and ListAliases, it goes on if a file is damaged. */
export async function takeInventory({ keys, aliases }: KeyDirectory): Promise<Inventory> {
  const foundAliases = await aliases.survey();
  const foundKeys = await keys.survey();
  const byKey = new Map<string, string[]>(foundKeys.records.map(({ keyId }) => [keyId, []]));
  for (const { aliasName, targetKeyId = '' } of foundAliases.records) byKey.get(targetKeyId)?.push(aliasName);
  for (const names of byKey.values()) names.sort();
  return {
    keys: foundKeys.records,
    aliases: byKey,
    damaged: [...foundKeys.damaged, ...foundAliases.damaged],
  };
}
