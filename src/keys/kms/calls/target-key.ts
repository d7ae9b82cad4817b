import type { Recipient } from '../../../format/stream-header.js';
import type { KeyArn } from '../../../key-arn.js';
import { parseKeyArn } from '../../../key-arn.js';
import { allows } from '../names/discovery.js';
import type { KeyName } from '../names/key-name.js';
import { parseKeyName, regionOf } from '../names/key-name.js';
import { isMultiRegion, namesSameKey } from '../names/multi-region.js';
import type { Settings } from '../settings.js';

/** The provider name of FORMAT 2. */
export const PROVIDER = 'aws-kms';

/** The key that a call names to KMS, and its region. */
export interface TargetKey {
  readonly keyId: string;
  /** Undefined: the client's own region. */
  readonly region: string | undefined;
  /** Whether the stream, not the caller, chose the key. */
  readonly discovered: boolean;
  /** Whether the response of KMS, called in `region`, names the key that was meant. */
  accepts(key: KeyArn, region: string): boolean;
}

type Configured = Pick<Settings, 'key' | 'discovery'>;

/** The target that seals: the configured key. */
export function targetThatSeals(name: KeyName): TargetKey {
  return {
    keyId: name.text,
    region: regionOf(name),
    discovered: false,
    accepts: (key, region) => key.region === region && mayBe(name, key),
  };
}

/** The target that opens `recipient`; undefined if no configured key is the recipient's. */
export function targetThatOpens(
  { key: name, discovery }: Configured,
  recipient: Recipient,
): TargetKey | undefined {
  if (recipient.provider !== PROVIDER) return undefined;
  const wanted = parseKeyArn(recipient.key);
  if (wanted === undefined) return undefined;
  // KMS reports which key it used: it must be the recipient's, in the region that was called.
  const accepts = (key: KeyArn, region: string) => key.region === region && namesSameKey(key, wanted);
  const configured = name !== undefined && mayOpen(name, wanted) ? name : undefined;
  // A configured key id or ARN takes priority over the ARN in the stream, and that over an alias, which fits any key.
  const sure = configured?.form === 'key-arn' || configured?.form === 'key-id';
  if (!sure && discovery !== undefined && allows(discovery, wanted)) {
    return { keyId: wanted.arn, region: wanted.region, discovered: true, accepts };
  }
  if (configured === undefined) return undefined;
  return { keyId: configured.text, region: regionOf(configured), discovered: false, accepts };
}

/** Whether a key id or alias name, called in `region`, can stand for the recipient's key. */
export function isServedIn(region: string, keyId: string, recipient: Recipient): boolean {
  const wanted = parseKeyArn(recipient.key);
  if (wanted === undefined) return false;
  return wanted.region === region || (parseKeyName(keyId)?.form === 'alias' && isMultiRegion(wanted));
}

/** Whether `name` may stand for `key`. */
function mayBe(name: KeyName, key: KeyArn): boolean {
  if (name.form === 'key-arn') return key.arn === name.key.arn;
  if (name.form === 'key-id') return key.id === name.text;
  if (name.form === 'alias') return true;
  return key.partition === name.alias.partition && key.account === name.alias.account;
}

function mayOpen(name: KeyName, wanted: KeyArn): boolean {
  if (name.form === 'key-arn') return namesSameKey(name.key, wanted);
  if (!mayBe(name, wanted)) return false;
  return name.form !== 'alias-arn' || name.alias.region === wanted.region || isMultiRegion(wanted);
}
