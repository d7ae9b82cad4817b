/**
 * Objects of Amazon S3 and of servers that speak its protocol. The AWS SDK is loaded when the first request is made.
 *
 * @module sealpipe/s3
 */
export type { S3ClientLike } from './client-like.js';
export { decryptObject } from './download/decrypt-object.js';
export type { DecryptObjectOptions } from './download/decrypt-object-options.js';
export type { DecryptedObject } from './download/decrypted-object.js';
export type { LocationBinding } from './location.js';
export type { PayloadSigning } from './store/payload.js';
