import { EXIT, Failure } from '../say/failure.js';
import { KEY_TROUBLE } from '../say/key-words.js';
import type { EmbeddedKms } from './embedded-kms.js';
import { callKms, Refusal } from './embedded-kms.js';

/** A key of the embedded KMS. Times are ISO 8601. */
export interface LocalKey {
  readonly keyId: string;
  readonly keyArn: string;
  readonly state: string;
  readonly description: string;
  readonly created: string;
  /** There once the key is to be deleted. */
  readonly deletion?: string;
  /** Names the secret that seals now. */
  readonly keyMaterialId: string;
}

/** A key with its aliases: with `alias/`, in order. */
export type NamedKey = LocalKey & { readonly aliases: readonly string[] };

/** The most of KMS, of keys and of aliases. */
const PAGE = { ListKeys: 1_000, ListAliases: 100 } as const;
/** The shortest time that KMS has. */
const DELETION_DAYS = 7;

/** The key that an alias or key id names; undefined where there is none. No other key's files are read for it. */
export async function findKey(kms: EmbeddedKms, name: string): Promise<LocalKey | undefined> {
  try {
    const { KeyMetadata } = await callKms(kms, 'DescribeKey', { KeyId: name });
    return localKey(KeyMetadata);
  } catch (error) {
    if (error instanceof Refusal && error.name === 'NotFoundException') return undefined;
    throw error;
  }
}

/** The same. @throws Failure with status 5 where there is none */
export async function requireKey(kms: EmbeddedKms, name: string): Promise<LocalKey> {
  const key = await findKey(kms, name);
  if (key !== undefined) return key;
  throw new Failure(EXIT.key, KEY_TROUBLE.notInEmbeddedKms(`local:${name}`, kms.folder));
}

/** @throws Failure with status 5 where a key, which people call `name`, can neither seal nor open */
export function requireUsable({ state }: LocalKey, name: string): void {
  if (state !== 'Enabled') throw new Failure(EXIT.key, KEY_TROUBLE.unusable(name, state));
}

/** What people call a key: by an alias, or by its id where it has none or the aliases cannot be read. */
export async function nameOfKey(kms: EmbeddedKms, { keyId }: LocalKey): Promise<string> {
  const aliases = await aliasesByKey(kms, keyId).catch(() => new Map<string, string[]>());
  return `local:${aliases.get(keyId)?.[0] ?? keyId}`;
}

export async function withAliases(kms: EmbeddedKms, key: LocalKey): Promise<NamedKey> {
  return { ...key, aliases: (await aliasesByKey(kms, key.keyId)).get(key.keyId) ?? [] };
}

/** Every key, oldest first. */
export async function allKeys(kms: EmbeddedKms): Promise<NamedKey[]> {
  const aliases = await aliasesByKey(kms);
  const keys: NamedKey[] = [];
  for (const { KeyId } of await pages<{ KeyId: string }>(kms, 'ListKeys', 'Keys')) {
    const key = await findKey(kms, KeyId);
    if (key !== undefined) keys.push({ ...key, aliases: aliases.get(KeyId) ?? [] });
  }
  return keys.sort((a, b) => (a.created < b.created ? -1 : 1));
}

/**
 * Makes a key, under an alias where one is given.
 *
 * @returns the key id; undefined where the alias was taken, maybe by another process at this very moment
 */
export async function createKey(
  kms: EmbeddedKms,
  alias: string | undefined,
  description: string,
): Promise<string | undefined> {
  if (alias !== undefined && (await findKey(kms, alias)) !== undefined) return undefined;
  const { KeyMetadata } = await callKms(kms, 'CreateKey', { Description: description });
  const { KeyId } = KeyMetadata as { readonly KeyId: string };
  try {
    if (alias !== undefined) await callKms(kms, 'CreateAlias', { AliasName: alias, TargetKeyId: KeyId });
    return KeyId;
  } catch (error) {
    // Nothing was sealed with it, and nobody knows it.
    await callKms(kms, 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays: DELETION_DAYS });
    if (error instanceof Refusal && error.name === 'AlreadyExistsException') return undefined;
    throw error;
  }
}

/** The aliases of all keys, or of one, in order. */
async function aliasesByKey(kms: EmbeddedKms, KeyId?: string): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  const input = KeyId === undefined ? {} : { KeyId };
  const aliases = await pages<{ AliasName: string; TargetKeyId: string }>(
    kms,
    'ListAliases',
    'Aliases',
    input,
  );
  for (const { AliasName, TargetKeyId } of aliases) {
    found.set(TargetKeyId, [...(found.get(TargetKeyId) ?? []), AliasName]);
  }
  return found;
}

async function pages<T>(
  kms: EmbeddedKms,
  operation: keyof typeof PAGE,
  member: string,
  input = {},
): Promise<T[]> {
  const items: T[] = [];
  const Limit = PAGE[operation];
  for (let Marker: unknown; ; ) {
    const answer = await callKms(kms, operation, { ...input, Limit, ...(Marker ? { Marker } : {}) });
    items.push(...(answer[member] as T[]));
    if (answer.Truncated !== true) return items;
    Marker = answer.NextMarker;
  }
}

/** AWS's metadata, whose times are in seconds, in the words of this command. */
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
