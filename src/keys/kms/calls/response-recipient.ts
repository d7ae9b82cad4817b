import type { Recipient } from '../../../format/stream-header.js';
import type { Served } from './call.js';
import { arnIn, notKms, wrappedIn } from './response.js';
import type { TargetKey } from './target-key.js';
import { PROVIDER } from './target-key.js';

/** The recipient that GenerateDataKey, Encrypt or ReEncrypt made, checked to belong to the key that was called. */
export function recipientIn({ response, region }: Served, target: TargetKey, operation: string): Recipient {
  const key = arnIn(response, 'KeyId', operation);
  if (!target.accepts(key, region)) {
    throw notKms(operation, `it names ${key.arn}, but ${target.keyId} in ${region} was called`);
  }
  return { provider: PROVIDER, key: key.arn, wrapped: wrappedIn(response, operation) };
}
