import type { IncomingMessage } from 'node:http';
import { invalidRequest } from './answer.js';

/** A request, understood. */
export interface S3Request {
  readonly operation: string;
  readonly method: string;
  /** The empty text where the request is about all buckets. */
  readonly bucket: string;
  readonly key: string;
  /** The path as it was sent. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly isSecure: boolean;
  body: Buffer;
  /** Who signed it. */
  user: string;
}

/** What a query parameter or the copy source makes of a method. Order counts. */
const BUCKET_OPERATIONS: ReadonlyArray<readonly [method: string, parameter: string, operation: string]> = [
  ['GET', 'list-type', 'ListObjectsV2'],
  ['GET', 'versions', 'ListObjectVersions'],
  ['GET', 'uploads', 'ListMultipartUploads'],
  ['GET', 'location', 'GetBucketLocation'],
  ['GET', 'versioning', 'GetBucketVersioning'],
  ['GET', 'policy', 'GetBucketPolicy'],
  ['PUT', 'versioning', 'PutBucketVersioning'],
  ['PUT', 'policy', 'PutBucketPolicy'],
  ['POST', 'delete', 'DeleteObjects'],
  ['PUT', '', 'CreateBucket'],
  ['HEAD', '', 'HeadBucket'],
  ['DELETE', '', 'DeleteBucket'],
];

const OBJECT_OPERATIONS: typeof BUCKET_OPERATIONS = [
  ['GET', 'uploadId', 'ListParts'],
  ['GET', 'tagging', 'GetObjectTagging'],
  ['GET', 'retention', 'GetObjectRetention'],
  ['GET', 'attributes', 'GetObjectAttributes'],
  ['GET', '', 'GetObject'],
  ['HEAD', '', 'HeadObject'],
  ['POST', 'uploads', 'CreateMultipartUpload'],
  ['POST', 'uploadId', 'CompleteMultipartUpload'],
  ['DELETE', 'uploadId', 'AbortMultipartUpload'],
  ['DELETE', '', 'DeleteObject'],
  ['PUT', 'tagging', 'PutObjectTagging'],
  ['PUT', 'retention', 'PutObjectRetention'],
];

/** What a request wants. Its body has not been read yet. @throws S3Failure for what this server does not know */
export function understood(message: IncomingMessage, isSecure: boolean): S3Request {
  const url = message.url ?? '/';
  const queryAt = url.indexOf('?');
  const path = queryAt < 0 ? url : url.slice(0, queryAt);
  const query = new URLSearchParams(queryAt < 0 ? '' : url.slice(queryAt + 1).replaceAll('+', '%2B'));
  const headers = message.headers as S3Request['headers'];
  const { bucket, key } = placeOf(path, headers['host'] ?? '');
  const method = message.method ?? '';
  return {
    operation: operationOf(method, bucket, key, query, headers),
    method,
    bucket,
    key,
    path,
    query,
    headers,
    isSecure,
    body: Buffer.alloc(0),
    user: '',
  };
}

/** In the path, or with the bucket in the host: `bucket.localhost`. */
function placeOf(path: string, host: string): { bucket: string; key: string } {
  const named = /^(.+)\.localhost(?::[0-9]+)?$/.exec(host);
  if (named !== null) return { bucket: named[1]!, key: decodeURIComponent(path.slice(1)) };
  const slash = path.indexOf('/', 1);
  return slash < 0
    ? { bucket: decodeURIComponent(path.slice(1)), key: '' }
    : { bucket: decodeURIComponent(path.slice(1, slash)), key: decodeURIComponent(path.slice(slash + 1)) };
}

function operationOf(
  method: string,
  bucket: string,
  key: string,
  query: URLSearchParams,
  headers: S3Request['headers'],
): string {
  if (bucket === '' && method === 'GET') return 'ListBuckets';
  if (key !== '' && method === 'PUT' && !query.has('tagging') && !query.has('retention')) {
    const isPart = query.has('uploadId');
    if (headers['x-amz-copy-source'] !== undefined) return isPart ? 'UploadPartCopy' : 'CopyObject';
    return isPart ? 'UploadPart' : 'PutObject';
  }
  const found = (key === '' ? BUCKET_OPERATIONS : OBJECT_OPERATIONS).find(
    ([needs, parameter]) => needs === method && (parameter === '' || query.has(parameter)),
  );
  if (found === undefined) throw invalidRequest(`${method} with these parameters is not known here`);
  return found[2];
}
