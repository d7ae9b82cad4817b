import type { Recipient, StreamHeader } from '../../index.js';
import { LOCAL_ACCOUNT } from '../../key-arn.js';
import type { KeyReference } from '../../keys/index.js';
import type { GivenOptions } from '../arguments/command-line.js';
import type { Invocation } from '../invocation.js';
import { CommandError, EXIT, misuse } from '../terminal/command-error.js';
import { KEY_TROUBLE, KEY_USAGE, RIGHT_KEY } from '../terminal/messages/keys/keys.js';
import { listed } from '../terminal/printable.js';
import type { RecipientKind } from '../terminal/recipient-names.js';
import { localKeyId, recipientKind, recipientName } from '../terminal/recipient-names.js';
import { KeySet } from './key-set.js';
import { namedKeys } from './keys-to-seal.js';
import type { EmbeddedKms } from './local/embedded-kms.js';
import { existingEmbeddedKms } from './local/embedded-kms.js';
import { findKey, nameOfKey, requireUsable } from './local/local-keys.js';

/** The keys and accounts that are trusted. */
export interface Trust {
  readonly keys: readonly KeyReference[];
  /** AWS accounts by partition. */
  readonly accounts: ReadonlyMap<string, readonly string[]>;
}

/** The keys that open a stream. */
export interface OpenKeys {
  readonly keys: KeySet;
  /** The displayed name of the key of a recipient. */
  readonly nameOf: (recipient: Recipient) => string;
  /** Whether the stream chose its key among the trusted ones. */
  readonly isChosenByStream: boolean;
}

const ACCOUNT = /^(?:(aws(?:-[a-z-]{1,32})?):)?([0-9]{12})$/;

/** Reads `--key`, `--account` and SEALPIPE_KEY. @throws CommandError with status 2 */
export function trustOf(options: GivenOptions, env: NodeJS.ProcessEnv): Trust {
  const accounts = new Map<string, string[]>();
  for (const text of options.texts('account')) {
    const [, partition = 'aws', account] = ACCOUNT.exec(text) ?? [];
    if (account === undefined) throw misuse(KEY_USAGE.badAccount(text));
    if (account === LOCAL_ACCOUNT) throw misuse(KEY_USAGE.embeddedAccount());
    accounts.set(partition, [...(accounts.get(partition) ?? []), account]);
  }
  return { keys: namedKeys(options, env), accounts };
}

/**
 * The keys to open a stream with. Its recipients decide what is loaded, never what is trusted. If no key or account was
 * named, only the user's embedded KMS is trusted.
 *
 * @throws CommandError with status 5 if none of its recipients is one of the keys
 */
export async function keysToOpen(
  { recipients }: StreamHeader,
  trust: Trust,
  { env }: Invocation,
): Promise<OpenKeys> {
  const { keys: named, accounts } = trust;
  const sealedFor = recipients.map(recipientName);
  const keys = new KeySet(() => existingEmbeddedKms(env));
  const names = new Map<string, string>();
  try {
    if (named.length === 0 && accounts.size === 0) {
      const local = recipients.map(localKeyId).filter((id) => id !== undefined);
      if (local.length === 0) {
        const isAws = recipients.some(({ provider }) => provider === 'aws-kms');
        const words = isAws
          ? KEY_TROUBLE.awsNeedsKey(sealedFor)
          : KEY_TROUBLE.otherNeedsKey(sealedFor, rightKey(recipients));
        throw new CommandError(EXIT.key, words);
      }
      for (const [id, name] of await namesOf(local, await keys.embedded())) names.set(id, name);
      await keys.addEmbedded();
    }
    for (const reference of named) await keys.add(reference);
    for (const [partition, ids] of accounts) await keys.addAccounts(partition, ids);
    if (!recipients.some((recipient) => keys.providers.some((provider) => provider.matches(recipient)))) {
      throw new CommandError(
        EXIT.key,
        KEY_TROUBLE.mismatch(sealedFor, trustedNames(trust), rightKey(recipients)),
      );
    }
    const nameOf = (recipient: Recipient) =>
      names.get(localKeyId(recipient) ?? '') ?? recipientName(recipient);
    return { keys, nameOf, isChosenByStream: named.length !== 1 || accounts.size > 0 };
  } catch (error) {
    await keys.close();
    throw error;
  }
}

/** The error if no given key opens a stream. */
function rightKey(recipients: readonly Recipient[]): string {
  const kinds = new Set(recipients.map(recipientKind));
  const first = (['aws', 'local', 'raw'] as const satisfies readonly RecipientKind[]).find((kind) =>
    kinds.has(kind),
  );
  return RIGHT_KEY[first ?? 'other'];
}

/** The names that the user gave. */
function trustedNames({ keys, accounts }: Trust): string[] {
  const named = keys.map((key) => {
    if (key.kind === 'file') return `file:${key.path}`;
    return key.kind === 'local' ? `local:${key.keyId}` : key.keyId;
  });
  return [...named, ...[...accounts.values()].flat().map((id) => `account ${id}`)];
}

/**
 * The names of the keys of the embedded KMS among `ids`. An unreadable key is skipped if another can be used.
 *
 * @throws CommandError with status 5 if none can be used
 */
async function namesOf(ids: readonly string[], embedded: EmbeddedKms): Promise<Map<string, string>> {
  const outcomes = await Promise.allSettled(ids.map((id) => findKey(embedded, id)));
  const found = outcomes.flatMap((outcome) => ('value' in outcome && outcome.value ? [outcome.value] : []));
  if (found.length === 0) {
    for (const outcome of outcomes) if ('reason' in outcome) throw outcome.reason;
    const keys = listed(
      ids.map((id) => `local:${id}`),
      ' and ',
    );
    throw new CommandError(EXIT.key, KEY_TROUBLE.notInEmbeddedKms(keys, embedded.folder));
  }
  const names = new Map<string, string>();
  for (const key of found) names.set(key.keyId, await nameOfKey(embedded, key));
  const [first] = found;
  if (!found.some(({ state }) => state === 'Enabled')) requireUsable(first!, names.get(first!.keyId)!);
  return names;
}
