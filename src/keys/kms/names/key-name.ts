import type { KeyArn } from '../../../key-arn.js';
import { ALIAS_NAME_FORM, parseKeyArn } from '../../../key-arn.js';

/** A key in one of the four forms that KMS accepts. */
export type KeyName =
  | { readonly form: 'key-arn'; readonly text: string; readonly key: KeyArn }
  | { readonly form: 'alias-arn'; readonly text: string; readonly alias: AliasArn }
  | { readonly form: 'key-id'; readonly text: string }
  | { readonly form: 'alias'; readonly text: string };

/** The account and region of an alias and of its key. */
export interface AliasArn {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

const ALIAS_ARN = /^arn:(aws|aws-[a-z-]+):kms:([a-z0-9-]{1,32}):([0-9]{12}):alias\/[A-Za-z0-9:/_-]{1,250}$/;
const KEY_ID = /^[A-Za-z0-9-]{1,128}$/;

/** Reads a key id, key ARN, alias name or alias ARN; undefined for anything else. */
export function parseKeyName(text: string): KeyName | undefined {
  const key = parseKeyArn(text);
  if (key !== undefined) return { form: 'key-arn', text, key };
  const alias = ALIAS_ARN.exec(text);
  if (alias !== null) {
    const [, partition, region, account] = alias;
    return { form: 'alias-arn', text, alias: { partition: partition!, region: region!, account: account! } };
  }
  if (ALIAS_NAME_FORM.test(text)) return { form: 'alias', text };
  return KEY_ID.test(text) ? { form: 'key-id', text } : undefined;
}

/** The region that the name itself says; undefined: the client's own. */
export function regionOf(name: KeyName): string | undefined {
  if (name.form === 'key-arn') return name.key.region;
  return name.form === 'alias-arn' ? name.alias.region : undefined;
}
