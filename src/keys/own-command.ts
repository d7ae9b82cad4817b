import type { KmsClientLike } from './kms/client-like.js';

/** The operations of KMS that are called. */
export type KmsOperation = 'GenerateDataKey' | 'Encrypt' | 'Decrypt' | 'ReEncrypt';

/** Makes the commands of a client that takes others than the SDK's. A symbol: it is no part of what callers implement. */
export const OWN_COMMAND = Symbol.for('sealpipe.own-command');

/** A client that is called without the SDK. */
export interface OwnCommandClient extends KmsClientLike {
  /** What `send` is to be given. */
  [OWN_COMMAND](operation: KmsOperation, input: object): object;
}
