import type { Answer } from '../answer.js';
import { noSuchKey, noSuchUpload, S3Failure } from '../answer.js';
import type { Quirks } from '../quirks.js';
import type { S3Request } from '../request.js';
import type { Bucket, StoredVersion, Upload, World } from '../state.js';
import { currentOf } from '../state.js';

/** What an operation works with. */
export interface Handling {
  readonly world: World;
  readonly quirks: Quirks;
  readonly request: S3Request;
  /** Where buckets are made by default. */
  readonly region: string;
}

export type Operation = (handling: Handling) => Answer;

export function bucketOf({ world, request }: Handling): Bucket {
  return world.bucket(request.bucket);
}

/** The version that a read names, or the current one. @throws S3Failure */
export function versionOf(bucket: Bucket, key: string, versionId: string | undefined): StoredVersion {
  if (versionId === undefined) {
    const newest = bucket.keys.get(key)?.[0];
    if (newest?.isDeleteMarker) {
      const failure = noSuchKey();
      throw new S3Failure(404, failure.code, failure.message, {
        headers: { 'x-amz-delete-marker': 'true', 'x-amz-version-id': newest.versionId },
      });
    }
    const current = currentOf(bucket, key);
    if (current === undefined) throw noSuchKey();
    return current;
  }
  const named = bucket.keys.get(key)?.find((version) => version.versionId === versionId);
  if (named === undefined) throw new S3Failure(404, 'NoSuchVersion', 'The specified version does not exist.');
  if (named.isDeleteMarker) {
    throw new S3Failure(
      405,
      'MethodNotAllowed',
      'The specified method is not allowed against this resource.',
    );
  }
  return named;
}

/** @throws S3Failure NoSuchUpload */
export function uploadOf({ world, request, quirks }: Handling): Upload {
  const upload = world.bucket(request.bucket).uploads.get(request.query.get('uploadId') ?? '');
  if (upload === undefined || upload.key !== request.key) {
    throw quirks.forgetsUploads ? noSuchKey() : noSuchUpload();
  }
  return upload;
}

/** A number of the query, with the page size of this server above it. */
export function pageSizeOf({ request, quirks }: Handling, name: string): number {
  return Math.min(Number(request.query.get(name) ?? quirks.pageSize), quirks.pageSize, 1_000);
}
