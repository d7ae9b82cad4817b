import type { KmsClientLike } from './kms/client-like.js';

/** The operations of KMS that are called. */
export type KmsOperation = 'GenerateDataKey' | 'Encrypt' | 'Decrypt' | 'ReEncrypt';

/**
 * Creates the commands of a client that does not take those of the SDK. A symbol, because callers do not implement it.
 */
export const OWN_COMMAND = Symbol.for('sealpipe.own-command');

/** A client that is called without the SDK. */
export interface OwnCommandClient extends KmsClientLike {
  /** The command to pass to `send`. */
  [OWN_COMMAND](operation: KmsOperation, input: object): object;
}
