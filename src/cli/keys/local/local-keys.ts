import type { SealpipeError } from '../../../errors.js';
import { localKeyArn } from '../../../key-arn.js';
import { asClause } from '../../exit-status.js';
import { CommandError, EXIT } from '../../terminal/command-error.js';
import { KEY_TROUBLE } from '../../terminal/messages/keys/keys.js';
import type { EmbeddedKms } from './embedded-kms.js';
import { callEmbeddedKms, Refusal } from './embedded-kms.js';

/** A key of the embedded KMS. Times are ISO 8601. */
export interface LocalKey {
  readonly keyId: string;
  readonly keyArn: string;
  readonly state: string;
  readonly description: string;
  readonly created: string;
  /** Present if the key is scheduled for deletion. */
  readonly deletion?: string;
  /** The id of the secret that currently seals. */
  readonly keyMaterialId: string;
}

type Inventory = Awaited<ReturnType<EmbeddedKms['takeInventory']>>;

/** A key with its aliases: with `alias/`, in order. */
export type NamedKey = LocalKey & { readonly aliases: readonly string[] };

/** The readable keys, and errors for unreadable files. */
export interface Listing {
  /** Oldest first. */
  readonly keys: readonly NamedKey[];
  /** One error for each file that cannot be read. */
  readonly damaged: readonly SealpipeError[];
}

/** The key that an alias or key id names, or undefined. Reads no files of other keys. */
export async function findKey(kms: EmbeddedKms, name: string): Promise<LocalKey | undefined> {
  try {
    const { KeyMetadata } = await callEmbeddedKms(kms, 'DescribeKey', { KeyId: name });
    return localKey(KeyMetadata);
  } catch (error) {
    if (error instanceof Refusal && error.name === 'NotFoundException') return undefined;
    throw error;
  }
}

/** The same. @throws CommandError with status 5 if it does not exist */
export async function requireKey(kms: EmbeddedKms, name: string): Promise<LocalKey> {
  const key = await findKey(kms, name);
  if (key !== undefined) return key;
  throw new CommandError(EXIT.key, KEY_TROUBLE.notInEmbeddedKms(`local:${name}`, kms.folder));
}

/** @throws CommandError with status 5 if a key, which people call `name`, can neither seal nor open */
export function requireUsable({ state }: LocalKey, name: string): void {
  if (state !== 'Enabled') throw new CommandError(EXIT.key, KEY_TROUBLE.unusable(name, state));
}

/** The displayed name of a key: an alias, or its id if it has none or the aliases cannot be read. */
export async function nameOfKey(kms: EmbeddedKms, { keyId }: LocalKey): Promise<string> {
  const inventory = await kms.takeInventory().catch(() => undefined);
  return `local:${inventory?.aliases.get(keyId)?.[0] ?? keyId}`;
}

/** A key with its aliases, and errors for unreadable files. */
export async function withAliases(
  kms: EmbeddedKms,
  key: LocalKey,
): Promise<{ readonly key: NamedKey; readonly damaged: readonly SealpipeError[] }> {
  const { aliases, damaged } = await kms.takeInventory();
  return { key: { ...key, aliases: aliases.get(key.keyId) ?? [] }, damaged };
}

/** Call it when everything else has been shown. @throws CommandError with status 1 that names the damaged files */
export function refuseDamaged(damaged: readonly SealpipeError[]): void {
  if (damaged.length === 0) return;
  const errors = damaged.map(({ message }) => asClause(message));
  const hints = new Set(damaged.flatMap(({ hint }) => hint ?? []));
  throw new CommandError(EXIT.other, KEY_TROUBLE.damaged(errors, [...hints]), damaged[0]);
}

export async function listKeys(kms: EmbeddedKms): Promise<Listing> {
  const { keys, aliases, damaged } = await kms.takeInventory();
  const named = keys.map((key) => ({ ...listedKey(key), aliases: aliases.get(key.keyId) ?? [] }));
  return { keys: named.sort((a, b) => Date.parse(a.created) - Date.parse(b.created)), damaged };
}

/**
 * Creates a key, with an alias if one is given.
 *
 * @returns the key id; undefined if the alias was taken, perhaps by another process at the same moment
 */
export async function createKey(
  kms: EmbeddedKms,
  alias: string | undefined,
  description: string,
): Promise<string | undefined> {
  if (alias !== undefined) return kms.createNamedKey(alias, description);
  const { KeyMetadata } = await callEmbeddedKms(kms, 'CreateKey', { Description: description });
  return (KeyMetadata as { readonly KeyId: string }).KeyId;
}

function listedKey(key: Inventory['keys'][number]): LocalKey {
  return {
    keyId: key.keyId,
    keyArn: localKeyArn(key.keyId),
    state: key.state,
    description: key.description,
    created: new Date(key.creationDate).toISOString(),
    ...(key.deletionDate === undefined ? {} : { deletion: new Date(key.deletionDate).toISOString() }),
    keyMaterialId: key.keyMaterialId,
  };
}

/** Converts AWS's metadata, whose times are in seconds, to the members of this command. */
function localKey(metadata: unknown): LocalKey {
  const { KeyId, Arn, KeyState, Description, CreationDate, DeletionDate, CurrentKeyMaterialId } =
    metadata as Record<string, string> & { CreationDate: number; DeletionDate?: number };
  return {
    keyId: KeyId!,
    keyArn: Arn!,
    state: KeyState!,
    description: Description ?? '',
    created: isoTime(CreationDate),
    ...(DeletionDate === undefined ? {} : { deletion: isoTime(DeletionDate) }),
    keyMaterialId: CurrentKeyMaterialId!,
  };
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}
