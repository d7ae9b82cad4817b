import type { Recipient } from '../../index.js';
import { localKeyArn, parseKeyArn } from '../../key-arn.js';

/** The key id of a recipient of the embedded KMS; undefined for any other. */
export function localKeyId({ provider, key }: Recipient): string | undefined {
  const arn = provider === 'aws-kms' ? parseKeyArn(key) : undefined;
  return arn !== undefined && arn.arn === localKeyArn(arn.id) ? arn.id : undefined;
}

/** The kind of key of a recipient, among those that the command distinguishes. */
export type RecipientKind = 'aws' | 'local' | 'raw' | 'other';

export function recipientKind(recipient: Recipient): RecipientKind {
  if (localKeyId(recipient) !== undefined) return 'local';
  if (recipient.provider === 'aws-kms') return 'aws';
  return recipient.provider === 'raw' ? 'raw' : 'other';
}

/** The displayed name of the key of a recipient. Not escaped. */
export function recipientName(recipient: Recipient): string {
  const { provider, key } = recipient;
  switch (recipientKind(recipient)) {
    case 'local':
      return `local:${localKeyId(recipient)}`;
    case 'aws':
      return key;
    case 'raw':
      return `the key file with fingerprint ${key}`;
    case 'other':
      return `${key} of ${provider}`;
  }
}
