import { optionsTypeError } from '../errors.js';
import type { KeyArn } from '../key-arn.js';
import { ALIAS_NAME_FORM, LOCAL_ACCOUNT, LOCAL_REGION } from '../key-arn.js';
import { isKeyText, looksLikeKey } from '../text/key-text.js';
import { quoted, shortened } from '../text/printable.js';
import { parseKeyName } from './kms/names/key-name.js';

/** The parsed name of a key. */
export type KeyReference =
  | {
      /** A key of AWS KMS. */
      readonly kind: 'aws';
      /** A key id, key ARN, alias name or alias ARN. */
      readonly keyId: string;
    }
  | {
      /** A key of the current user's embedded KMS. */
      readonly kind: 'local';
      /** `alias/NAME` or a key id. */
      readonly keyId: string;
    }
  | {
      /** A 32-byte key in a file. */
      readonly kind: 'file';
      /** As it was given. */
      readonly path: string;
    };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MULTI_REGION_KEY_ID = /^mrk-[0-9a-f]{32}$/;

/**
 * Reads the name of a key: a key id, ARN or alias of AWS KMS, `local:alias/NAME` or `local:` and a key id, or
 * `file:PATH`. Opens nothing and calls nothing.
 *
 * @throws TypeError `ERR_SEALPIPE_OPTIONS` for anything else
 * @example
 * parseKeyReference('file:/etc/backup.key'); // { kind: 'file', path: '/etc/backup.key' }
 */
export function parseKeyReference(text: string): KeyReference {
  if (typeof text !== 'string') throw optionsTypeError('The name of a key must be a string');
  const [, scheme, rest = ''] = /^(local|file):(.*)$/s.exec(text) ?? [];
  if (scheme === 'file' && rest !== '') return { kind: 'file', path: rest };
  const name = scheme === undefined ? parseKeyName(text) : undefined;
  const isLocal = scheme === 'local' || (name?.form === 'key-arn' && name.key.region === LOCAL_REGION);
  const keyId = isLocal ? localKeyId(scheme === 'local' ? rest : text) : undefined;
  if (keyId !== undefined) return { kind: 'local', keyId };
  // A bare word is more likely a mistake than a key id in a form that AWS has never used.
  const isName = name?.form !== 'key-id' || UUID.test(text) || MULTI_REGION_KEY_ID.test(text);
  if (name !== undefined && isName && !isLocal) return { kind: 'aws', keyId: text };
  if (isKeyText(text)) throw looksLikeKey();
  throw optionsTypeError(
    `${quoted(shortened(text))} is not a valid key name: give a key id, ARN or alias/NAME of AWS KMS, local:alias/NAME or file:PATH`,
  );
}

/** The name of a key in the embedded KMS; undefined if it is not valid. */
function localKeyId(name: string): string | undefined {
  if (ALIAS_NAME_FORM.test(name) || UUID.test(name)) return name;
  const parsed = parseKeyName(name);
  return parsed?.form === 'key-arn' && isOfLocalKms(parsed.key) ? parsed.key.id : undefined;
}

function isOfLocalKms({ partition, region, account, id }: KeyArn): boolean {
  return partition === 'aws' && region === LOCAL_REGION && account === LOCAL_ACCOUNT && UUID.test(id);
}
