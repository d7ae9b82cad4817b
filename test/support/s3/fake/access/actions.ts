import { copySourceOf } from '../copy-source.js';
import type { S3Request } from '../request.js';
import type { Access } from './policy.js';

/** What each operation on a bucket or an object needs, without what its headers add. */
const ACTIONS: Readonly<Record<string, string>> = {
  CreateBucket: 's3:CreateBucket',
  DeleteBucket: 's3:DeleteBucket',
  HeadBucket: 's3:ListBucket',
  ListBuckets: 's3:ListAllMyBuckets',
  ListObjectsV2: 's3:ListBucket',
  ListObjectVersions: 's3:ListBucketVersions',
  ListMultipartUploads: 's3:ListBucketMultipartUploads',
  GetBucketLocation: 's3:GetBucketLocation',
  GetBucketVersioning: 's3:GetBucketVersioning',
  PutBucketVersioning: 's3:PutBucketVersioning',
  GetBucketPolicy: 's3:GetBucketPolicy',
  PutBucketPolicy: 's3:PutBucketPolicy',
  DeleteObjects: 's3:DeleteObject',
  GetObject: 's3:GetObject',
  HeadObject: 's3:GetObject',
  GetObjectAttributes: 's3:GetObject',
  GetObjectTagging: 's3:GetObjectTagging',
  GetObjectRetention: 's3:GetObjectRetention',
  PutObject: 's3:PutObject',
  PutObjectTagging: 's3:PutObjectTagging',
  PutObjectRetention: 's3:PutObjectRetention',
  CopyObject: 's3:PutObject',
  CreateMultipartUpload: 's3:PutObject',
  UploadPart: 's3:PutObject',
  UploadPartCopy: 's3:PutObject',
  CompleteMultipartUpload: 's3:PutObject',
  ListParts: 's3:ListMultipartUploadParts',
  AbortMultipartUpload: 's3:AbortMultipartUpload',
  DeleteObject: 's3:DeleteObject',
};

/** Actions that have another name where a version is named. */
const OF_VERSIONS = new Set(['s3:GetObject', 's3:GetObjectTagging', 's3:DeleteObject']);
/** What begins an object: only these look at the object's own headers. */
const BEGINNINGS = new Set(['PutObject', 'CopyObject', 'CreateMultipartUpload']);

/** Everything that a request needs to be allowed. */
export function accessesOf(request: S3Request): Access[] {
  const { operation, bucket, key, query, headers } = request;
  const facts = factsOf(request);
  const resource = `arn:aws:s3:::${bucket}${key === '' ? '' : `/${key}`}`;
  const needed = (action: string, of = resource): Access => ({ action, resource: of, facts });
  const base = ACTIONS[operation] ?? `s3:${operation}`;
  const accesses = [needed(query.has('versionId') && OF_VERSIONS.has(base) ? `${base}Version` : base)];
  if (operation === 'GetObjectAttributes') accesses.push(needed('s3:GetObjectAttributes'));
  if (BEGINNINGS.has(operation)) {
    if (headers['x-amz-tagging'] !== undefined) accesses.push(needed('s3:PutObjectTagging'));
    if (headers['x-amz-object-lock-mode'] !== undefined) accesses.push(needed('s3:PutObjectRetention'));
    if (headers['x-amz-object-lock-legal-hold'] !== undefined) accesses.push(needed('s3:PutObjectLegalHold'));
  }
  if (headers['if-match'] !== undefined && base === 's3:PutObject') accesses.push(needed('s3:GetObject'));
  const source = copySourceOf(request);
  if (source !== undefined) {
    const action = source.versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion';
    accesses.push(needed(action, `arn:aws:s3:::${source.bucket}/${source.key}`));
  }
  return accesses;
}

function factsOf({ operation, headers, query, isSecure }: S3Request): Access['facts'] {
  return {
    'aws:SecureTransport': String(isSecure),
    's3:x-amz-content-sha256': headers['x-amz-content-sha256'],
    's3:x-amz-server-side-encryption': headers['x-amz-server-side-encryption'],
    's3:x-amz-storage-class': headers['x-amz-storage-class'],
    's3:object-lock-mode': headers['x-amz-object-lock-mode'],
    's3:if-none-match': headers['if-none-match'],
    's3:if-match': headers['if-match'],
    's3:ObjectCreationOperation':
      operation === 'UploadPart' || operation === 'CreateMultipartUpload' ? 'false' : 'true',
    's3:prefix': query.get('prefix') ?? undefined,
    's3:VersionId': query.get('versionId') ?? undefined,
  };
}
