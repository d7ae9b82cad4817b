import { copyOf } from '../../../bytes.js';
import { SealpipeError } from '../../../errors.js';
import type { KeyArn } from '../../../key-arn.js';
import { parseKeyArn } from '../../../key-arn.js';
import { MAX_WRAPPED_BYTES } from '../../../limits.js';
import { isBytes } from '../../../realms.js';
import { wipeDataKey } from '../../provider-answer.js';

/** What KMS responded, before any check: fields of GenerateDataKey, Encrypt, Decrypt and ReEncrypt. */
export interface KmsResponse {
  readonly KeyId?: unknown;
  readonly SourceKeyId?: unknown;
  readonly Plaintext?: unknown;
  readonly CiphertextBlob?: unknown;
}

/** Overwrites the data key of a response. Its memory belongs to the client, and is usually part of a shared pool. */
export function wipeResponse(response: KmsResponse): void {
  wipeDataKey(response.Plaintext);
}

/** The ARN in a field of the response. */
export function arnIn(response: KmsResponse, field: 'KeyId' | 'SourceKeyId', operation: string): KeyArn {
  const value = response[field];
  const arn = typeof value === 'string' ? parseKeyArn(value) : undefined;
  if (arn === undefined) throw notKms(operation, `its ${field} is not a key ARN`);
  return arn;
}

/** The wrapped key of the response, in its own memory. */
export function wrappedIn({ CiphertextBlob: blob }: KmsResponse, operation: string): Uint8Array {
  if (!isBytes(blob) || blob.length < 1 || blob.length > MAX_WRAPPED_BYTES) {
    throw notKms(operation, `its CiphertextBlob is not 1 to ${MAX_WRAPPED_BYTES} bytes`);
  }
  return copyOf(blob);
}

/** A view of the data key of the response, until {@link wipeResponse}. */
export function plaintextIn({ Plaintext: plaintext }: KmsResponse, operation: string): Uint8Array {
  if (isBytes(plaintext)) return plaintext;
  throw notKms(operation, 'it has no Plaintext');
}

/** The error for a response that KMS does not give. */
export function notKms(operation: string, why: string): SealpipeError {
  return new SealpipeError(
    'ERR_SEALPIPE_KEY_UNAVAILABLE',
    `KMS ${operation}: the response is not one that KMS gives: ${why}`,
    { hint: 'Check the endpoint', retryable: false },
  );
}

/** The error for a wrapped key that does not open: a reader skips the recipient. */
export function doesNotUnwrap(message: string): SealpipeError {
  return new SealpipeError('ERR_SEALPIPE_AUTHENTICATION', message, { retryable: false });
}
