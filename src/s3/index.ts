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
export type { ListSealedObjectsOptions } from './reading/listing/list-sealed-objects.js';
export { listSealedObjects } from './reading/listing/list-sealed-objects.js';
export type { SealedObject } from './reading/listing/sealed-object.js';
export type { S3SourceOptions } from './reading/s3-source.js';
export { s3Source } from './reading/s3-source.js';
export type { S3Message } from './store/diagnostics.js';
export type { Operation } from './store/operations.js';
export type { PayloadSigning } from './store/requests/payload.js';
export { encryptObject } from './upload/encrypt-object.js';
export type { FileBody } from './upload/parts/plain-file.js';
export type { StreamBody, UploadBody } from './upload/parts/source.js';
export type { ChecksumAlgorithm } from './upload/requests/checksums.js';
export type {
  ObjectAttributes,
  ObjectLock,
  ServerSideEncryption,
} from './upload/requests/object-attributes.js';
export type { EncryptObjectOptions, ObjectEncryptOptions } from './upload/upload-options.js';
export type { UploadReport } from './upload/upload-report.js';
