/**
 * Data keys from AWS KMS: the one entry of the package that loads the AWS SDK.
 *
 * @module sealpipe/kms
 */
import type { KmsKeyProvider, KmsOptions } from './options.js';
import { KmsProvider } from './provider.js';
import { checkSettings } from './settings.js';

export type { KmsClientLike, KmsClientOfRegion } from './client-like.js';
export type { KmsErrorRow } from './errors/error-row.js';
export { KMS_ERRORS } from './errors/error-table.js';
export type { KmsKeyStateRow } from './errors/key-states.js';
export { KMS_KEY_STATES } from './errors/key-states.js';
export type { KmsDiscovery } from './names/discovery.js';
export type {
  KmsCallOptions,
  KmsClientChoice,
  KmsDataKeyChoice,
  KmsKeyChoice,
  KmsKeyProvider,
  KmsOptions,
} from './options.js';

/**
 * Data keys of AWS KMS: `generate` is GenerateDataKey, `wrap` Encrypt, `unwrap` Decrypt (always with the key named),
 * `rewrap` ReEncrypt. Makes no call and opens no connection before the first stream.
 *
 * Opening uses only the configured key, or, with `discovery`, the key that the stream names if it is of one of the
 * given accounts. Calls go to the region of the key's ARN.
 *
 * @throws TypeError or RangeError `ERR_SEALPIPE_OPTIONS` for options that are not legal. The methods of the provider
 * reject as {@link KMS_ERRORS} says, with `ERR_SEALPIPE_TIMEOUT` after `timeout` milliseconds, and with an
 * AbortError when the stream is destroyed.
 *
 * @example
 * const keys = kms({ keyId: 'alias/backups', clientConfig: { region: 'eu-west-1' } });
 * const seal = createEncryptStream({ keys, encryptionContext: { purpose: 'backup' } });
 */
export function kms(options: KmsOptions): KmsKeyProvider {
  return new KmsProvider(checkSettings(options));
}
