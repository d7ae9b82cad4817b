import { contextTypeError, optionsRangeError } from '../../../errors.js';
import { MAX_DATA_KEY_BYTES, MAX_WRAPPED_BYTES } from '../../../limits.js';
import type { KeyRequest } from '../../provider.js';
import { doesNotUnwrap } from './response.js';

/** The member of a command for the encryption context, left out if the context is empty. */
export function contextOf(
  request: KeyRequest,
): { EncryptionContext: Record<string, string> } | Record<string, never> {
  const entries = Object.entries(request.encryptionContext);
  if (entries.length === 0) return {};
  for (const [key, value] of entries) {
    if (key === '' || typeof value !== 'string') {
      throw contextTypeError('KMS accepts only strings in an encryption context, and no empty keys');
    }
  }
  return { EncryptionContext: request.encryptionContext };
}

/** Checks the size of a data key: at least what the suite needs, at most 1,024 bytes. */
export function checkDataKey(dataKey: Uint8Array, { dataKeyBytes }: KeyRequest): void {
  if (dataKey.length >= dataKeyBytes && dataKey.length <= MAX_DATA_KEY_BYTES) return;
  throw optionsRangeError(
    `A data key of ${dataKey.length} bytes cannot be wrapped: it must have ${dataKeyBytes} to ${MAX_DATA_KEY_BYTES}`,
  );
}

/** A wrapped key that KMS can take: 1 to 6,144 bytes. */
export function checkWrapped(wrapped: Uint8Array): void {
  if (wrapped.length >= 1 && wrapped.length <= MAX_WRAPPED_BYTES) return;
  throw doesNotUnwrap(
    `The wrapped key has ${wrapped.length} bytes, and one of KMS has 1 to ${MAX_WRAPPED_BYTES}: it is damaged`,
  );
}
