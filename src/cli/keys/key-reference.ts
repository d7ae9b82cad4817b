import { ALIAS_NAME_FORM } from '../../key-arn.js';
import type { KeyReference } from '../../keys/index.js';
import { parseKeyReference } from '../../keys/index.js';
import { isKeyText } from '../../text/key-text.js';
import { misuse } from '../terminal/command-error.js';
import { KEY_USAGE } from '../terminal/messages/keys/keys.js';

const LOCAL = 'local:';
const LOOKS_LOCAL = /^(local:|arn:aws:kms:local:)/;

/** The lines of SEALPIPE_KEY: a key each. A space at an end belongs to the key, because the name of a file may have one. */
export function keyLines({ SEALPIPE_KEY = '' }: NodeJS.ProcessEnv): readonly string[] {
  return SEALPIPE_KEY.split(/\r?\n/).filter((line) => line !== '');
}

/** Reads the value of `--key`. @throws CommandError with status 2 */
export function parseKey(text: string): KeyReference {
  try {
    return parseKeyReference(text);
  } catch {
    if (isKeyText(text)) throw misuse(KEY_USAGE.keyItself());
    throw misuse(LOOKS_LOCAL.test(text) ? KEY_USAGE.badLocalKey(text) : KEY_USAGE.badKey(text));
  }
}

/** Reads the name of a key of the embedded KMS, with or without `local:`: alias, key id or ARN. */
export function parseLocalKey(text: string): string {
  try {
    const reference = parseKeyReference(text.startsWith(LOCAL) ? text : `${LOCAL}${text}`);
    if (reference.kind === 'local') return reference.keyId;
  } catch {
    // The value is not a key.
  }
  throw misuse(isKeyText(text) ? KEY_USAGE.keyItself() : KEY_USAGE.badLocalKey(text));
}

/** Reads the value of `--alias`: with or without `alias/`, with or without `local:`. */
export function parseAlias(text: string): string {
  const name = text.replace(/^local:/, '');
  const alias = name.startsWith('alias/') ? name : `alias/${name}`;
  if (!ALIAS_NAME_FORM.test(alias) || alias.startsWith('alias/aws/')) throw misuse(KEY_USAGE.badAlias(text));
  return alias;
}
