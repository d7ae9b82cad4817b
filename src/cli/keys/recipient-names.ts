import type { Recipient } from '../../format/stream-header.js';
import { parseKeyArn } from '../../keys/kms/key-arn.js';
import { keyArn } from '../../local-kms/names.js';

/** The key id of a recipient of the embedded KMS; undefined for any other. */
export function localKeyId({ provider, key }: Recipient): string | undefined {
  const arn = provider === 'aws-kms' ? parseKeyArn(key) : undefined;
  return arn !== undefined && arn.arn === keyArn(arn.id) ? arn.id : undefined;
}

/** What people call the key of a recipient. Not escaped. */
export function recipientName(recipient: Recipient): string {
  const { provider, key } = recipient;
  const id = localKeyId(recipient);
  if (id !== undefined) return `local:${id}`;
  if (provider === 'aws-kms') return key;
  return provider === 'raw' ? `the key file with fingerprint ${key}` : `${key} of ${provider}`;
}
