import type { KMSClientConfig } from '@aws-sdk/client-kms';
import type { KmsClientLike, KmsClientOfRegion } from './client-like.js';

/** Which keys a reader may use by the ARN that stands in the stream, instead of by a key of its own. */
export interface KmsDiscovery {
  /**
   * The AWS accounts whose keys are trusted: 12-digit ids, at least one. The ARN in a stream is chosen by whoever
   * wrote it, so without this limit anybody's key would vouch for anything.
   */
  readonly accounts: readonly string[];
  /** The AWS partition of these accounts: `aws` unless told, `aws-cn`, `aws-us-gov`, … */
  readonly partition?: string;
  /** The regions that may be called; any region of AWS unless told. */
  readonly regions?: readonly string[];
}

/** A key to use, keys to discover, or both. */
export type KmsKeyChoice =
  | { readonly keyId: string; readonly discovery?: KmsDiscovery }
  | { readonly keyId?: never; readonly discovery: KmsDiscovery };

/** How long a data key is asked for: as long as the suite needs it unless told. */
export type KmsDataKeyChoice =
  | { readonly keySpec?: 'AES_256' | 'AES_128'; readonly numberOfBytes?: never }
  | { readonly keySpec?: never; readonly numberOfBytes?: number };

/** Whose client: the caller's, or clients of the provider's own. */
export type KmsClientChoice =
  | { readonly client: KmsClientLike | KmsClientOfRegion; readonly clientConfig?: never }
  | { readonly client?: never; readonly clientConfig?: KMSClientConfig };

/** Options of every call. */
export interface KmsCallOptions {
  /** Grant tokens for every call: at most 10, for a grant that was made minutes ago. */
  readonly grantTokens?: readonly string[];
  /**
   * Milliseconds for a whole call, with the client's retries and its fetching of credentials: 10,000 unless told. The
   * provider's own clients give up one attempt after half of it.
   */
  readonly timeout?: number;
  /**
   * Milliseconds to wait for a key, alias, policy or grant that was made just now: while KMS answers that the key is
   * not found or access is denied, the call is made again, each time with a `timeout` of its own. 0 unless told: such
   * an answer is final.
   */
  readonly waitForNewKey?: number;
}

/**
 * Options of `kms()`.
 *
 * - `keyId`: a key id, key ARN, alias name (`alias/…`) or alias ARN: seals, and opens what this key has wrapped.
 * - `discovery`: opens what keys of the given accounts have wrapped, by the ARN in the stream.
 * - `keySpec` or `numberOfBytes` (1 to 1,024), never both: the length of generated data keys.
 * - `client`: a KMSClient, anything like it, or a function of the region that returns one; or `clientConfig`: for
 *   clients that the provider makes when it needs them, one for each region.
 */
export type KmsOptions = KmsKeyChoice & KmsDataKeyChoice & KmsClientChoice & KmsCallOptions;
