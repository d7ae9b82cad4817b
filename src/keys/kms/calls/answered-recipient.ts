import type { Recipient } from '../../../format/stream-header.js';
import type { Answered } from './call.js';
import { arnIn, notKms, wrappedIn } from './response.js';
import type { Callee } from './target-key.js';
import { PROVIDER } from './target-key.js';

/** The recipient that GenerateDataKey, Encrypt or ReEncrypt made, checked to be of the key that was asked. */
export function recipientIn({ answer, region }: Answered, callee: Callee, operation: string): Recipient {
  const key = arnIn(answer, 'KeyId', operation);
  if (!callee.isAnsweredBy(key, region)) {
    throw notKms(operation, `it is of ${key.arn}, and ${callee.keyId} in ${region} was asked`);
  }
  return { provider: PROVIDER, key: key.arn, wrapped: wrappedIn(answer, operation) };
}
