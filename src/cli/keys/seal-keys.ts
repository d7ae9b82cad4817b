import { MAX_RECIPIENTS } from '../../format/limits.js';
import type { GivenOptions } from '../line/command-line.js';
import { misuse } from '../say/failure.js';
import { KEY_USAGE } from '../say/key-words.js';
import { NOTES } from '../say/words.js';
import type { Session } from '../session.js';
import { DEFAULT_ALIAS, makeDefaultKey } from './default-key.js';
import { embeddedKms, existingEmbeddedKms } from './embedded-kms.js';
import type { KeyReference } from './key-reference.js';
import { parseKeyReference } from './key-reference.js';
import { KeySet } from './key-set.js';

/** The keys that were named: by `--key`, else by SEALPIPE_KEY. @throws Failure with status 2 */
export function namedKeys(options: GivenOptions, env: NodeJS.ProcessEnv): KeyReference[] {
  const given = options.texts('key');
  return (given.length > 0 || !env.SEALPIPE_KEY ? given : [env.SEALPIPE_KEY]).map(parseKeyReference);
}

/** The keys to seal for: the named ones, else the default key of the embedded KMS, which is made on first use. */
export async function sealKeys(named: readonly KeyReference[], { env, voice }: Session): Promise<KeySet> {
  if (named.length > MAX_RECIPIENTS) throw misuse(KEY_USAGE.tooManyKeys(named.length, MAX_RECIPIENTS));
  const keys = new KeySet(async () => (named.length === 0 ? embeddedKms(env) : existingEmbeddedKms(env)));
  try {
    if (named.length === 0) {
      const embedded = await keys.embedded();
      const isNew = await makeDefaultKey(embedded);
      voice.note((isNew ? NOTES.defaultKeyMade : NOTES.defaultKeyUsed)(embedded.folder));
      await keys.add({ kind: 'local', keyId: DEFAULT_ALIAS });
    }
    for (const reference of named) await keys.add(reference);
    return keys;
  } catch (error) {
    await keys.close();
    throw error;
  }
}
