import * as buckets from './buckets.js';
import { abortMultipartUpload, completeMultipartUpload } from './complete.js';
import type { Operation } from './handling.js';
import * as listings from './listings.js';
import { createMultipartUpload, uploadPart, uploadPartCopy } from './multipart.js';
import * as reads from './read-objects.js';
import * as writes from './write-objects.js';

/** Everything that this server does, by the names of the operations. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  ListBuckets: buckets.listBuckets,
  CreateBucket: buckets.createBucket,
  DeleteBucket: buckets.deleteBucket,
  HeadBucket: reads.headBucket,
  GetBucketLocation: buckets.getBucketLocation,
  GetBucketVersioning: buckets.getBucketVersioning,
  PutBucketVersioning: buckets.putBucketVersioning,
  GetBucketPolicy: buckets.getBucketPolicy,
  PutBucketPolicy: buckets.putBucketPolicy,
  ListObjectsV2: listings.listObjectsV2,
  ListObjectVersions: listings.listObjectVersions,
  ListParts: listings.listParts,
  ListMultipartUploads: listings.listMultipartUploads,
  GetObject: reads.getObject,
  HeadObject: reads.headObject,
  GetObjectAttributes: reads.getObjectAttributes,
  GetObjectTagging: reads.getObjectTagging,
  GetObjectRetention: reads.getObjectRetention,
  PutObject: writes.putObject,
  CopyObject: writes.copyObject,
  DeleteObject: writes.deleteObject,
  DeleteObjects: writes.deleteObjects,
  PutObjectTagging: writes.putObjectTagging,
  PutObjectRetention: writes.putObjectRetention,
  CreateMultipartUpload: createMultipartUpload,
  UploadPart: uploadPart,
  UploadPartCopy: uploadPartCopy,
  CompleteMultipartUpload: completeMultipartUpload,
  AbortMultipartUpload: abortMultipartUpload,
};
