import { parseKeyArn } from '../../keys/kms/names/key-arn.js';
import { parseKeyName } from '../../keys/kms/names/key-name.js';
import { keyArn } from '../../local-kms/keys/names.js';
import { misuse } from '../terminal/command-error.js';
import { KEY_USAGE } from '../terminal/key-messages.js';
import { isKeyText } from './key-text.js';

/** A key as it is named on the command line. */
export type KeyReference =
  | { readonly kind: 'aws'; readonly keyId: string }
  /** `alias/NAME` or a key id of the embedded KMS. */
  | { readonly kind: 'local'; readonly keyId: string }
  | { readonly kind: 'file'; readonly path: string };

/** Belongs to the embedded KMS alone: no call for it leaves this machine. */
export const LOCAL_REGION = 'local';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MULTI_REGION_KEY_ID = /^mrk-[0-9a-f]{32}$/;
const LOCAL_ALIAS = /^alias\/[a-zA-Z0-9:/_-]{1,250}$/;

/** Reads the value of `--key`. @throws CommandError with status 2 */
export function parseKeyReference(text: string): KeyReference {
  const [, scheme, rest = ''] = /^(local|file):(.*)$/s.exec(text) ?? [];
  if (scheme === 'local') return { kind: 'local', keyId: parseLocalKey(text) };
  if (scheme === 'file' && rest !== '') return { kind: 'file', path: rest };
  const name = scheme === undefined ? parseKeyName(text) : undefined;
  if (name?.form === 'key-arn' && name.key.region === LOCAL_REGION) {
    return { kind: 'local', keyId: parseLocalKey(text) };
  }
  // A bare word is more likely a slip than a key id of a form that AWS has never used.
  const isName = name?.form !== 'key-id' || UUID.test(text) || MULTI_REGION_KEY_ID.test(text);
  if (name === undefined || !isName)
    throw misuse(isKeyText(text) ? KEY_USAGE.keyItself() : KEY_USAGE.badKey(text));
  return { kind: 'aws', keyId: text };
}

/** Reads the name of a key of the embedded KMS, with or without `local:`: alias, key id or ARN. */
export function parseLocalKey(text: string): string {
  const name = text.startsWith('local:') ? text.slice('local:'.length) : text;
  if (LOCAL_ALIAS.test(name) || UUID.test(name)) return name;
  const arn = parseKeyArn(name);
  if (arn !== undefined && UUID.test(arn.id) && arn.arn === keyArn(arn.id)) return arn.id;
  throw misuse(isKeyText(text) ? KEY_USAGE.keyItself() : KEY_USAGE.badLocalKey(text));
}

/** Reads the value of `--alias`: with or without `alias/`, with or without `local:`. */
export function parseAlias(text: string): string {
  const name = text.replace(/^local:/, '');
  const alias = name.startsWith('alias/') ? name : `alias/${name}`;
  if (!LOCAL_ALIAS.test(alias) || alias.startsWith('alias/aws/')) throw misuse(KEY_USAGE.badAlias(text));
  return alias;
}
