/**
 * Objects of Amazon S3 and of servers that speak its protocol. The AWS SDK is loaded when the first request is made.
 *
 * @module sealpipe/s3
 */
export type { S3ClientLike } from './client-like.js';
export type { LocationBinding } from './location.js';
export type { PayloadSigning } from './store/payload.js';
