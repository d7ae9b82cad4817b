import type { KeyReference } from '../../keys/index.js';
import { MAX_RECIPIENTS } from '../../limits.js';
import type { GivenOptions } from '../arguments/command-line.js';
import type { Invocation } from '../invocation.js';
import { CommandError, EXIT, misuse } from '../terminal/command-error.js';
import { KMS_NOTES } from '../terminal/messages/keys/embedded-kms.js';
import { KEY_TROUBLE, KEY_USAGE } from '../terminal/messages/keys/keys.js';
import { keyLines, parseKey } from './key-reference.js';
import { KeySet } from './key-set.js';
import { DEFAULT_ALIAS, makeDefaultKey } from './local/default-key.js';
import { embeddedKms, existingEmbeddedKms, isEmbeddedKmsThere, kmsFolder } from './local/embedded-kms.js';
import { findKey } from './local/local-keys.js';

/**
 * The keys named by `--key` or, without it, by SEALPIPE_KEY, one per line.
 *
 * @throws CommandError with status 2
 */
export function namedKeys(options: GivenOptions, env: NodeJS.ProcessEnv): KeyReference[] {
  const given = options.texts('key');
  return (given.length > 0 ? given.filter((text) => text !== '') : keyLines(env)).map(parseKey);
}

/** The keys that seal a stream. */
export interface SealKeys {
  readonly keys: KeySet;
  /** The notes to print once the keys have sealed something. */
  readonly reminder?: string | undefined;
}

/** The keys to seal for: the named ones or, without any, the default key of the embedded KMS. */
export async function keysToSeal(named: readonly KeyReference[], invocation: Invocation): Promise<SealKeys> {
  if (named.length > MAX_RECIPIENTS) throw misuse(KEY_USAGE.tooManyKeys(named.length, MAX_RECIPIENTS));
  const { env } = invocation;
  const usesDefault = named.length === 0;
  const keys = new KeySet(async () => (usesDefault ? embeddedKms(env) : existingEmbeddedKms(env)));
  try {
    if (usesDefault) return { keys, reminder: await addDefaultKey(keys, invocation) };
    for (const reference of named) await keys.add(reference);
    return { keys };
  } catch (error) {
    await keys.close();
    throw error;
  }
}

/**
 * Adds the default key. It is only created on a terminal: streams that a nightly job seals with a key that nobody knows
 * about are lost with the job's container.
 *
 * @returns the notes to print once it has sealed something
 * @throws CommandError with status 5 if it does not exist and is not created
 */
async function addDefaultKey(keys: KeySet, { env, terminal }: Invocation): Promise<string | undefined> {
  const isThere = await hasDefaultKey(keys, env);
  if (!isThere && !terminal.isOnTerminal)
    throw new CommandError(EXIT.key, KEY_TROUBLE.noDefaultKey(kmsFolder(env)));
  const embedded = await keys.embedded();
  const isNew = !isThere && (await makeDefaultKey(embedded));
  if (isNew) terminal.announce(KMS_NOTES.defaultKeyMade(embedded.folder));
  await keys.add({ kind: 'local', keyId: DEFAULT_ALIAS });
  return isNew ? undefined : KMS_NOTES.defaultKeyUsed(embedded.folder);
}

/** Looks for it without creating a folder. */
async function hasDefaultKey(keys: KeySet, env: NodeJS.ProcessEnv): Promise<boolean> {
  if (!(await isEmbeddedKmsThere(env))) return false;
  return (await findKey(await keys.embedded(), DEFAULT_ALIAS)) !== undefined;
}
