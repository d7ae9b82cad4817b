import { accessDenied, empty, invalidRequest, S3Failure, xmlAnswer } from '../answer.js';
import { checksumOf } from '../checksums.js';
import { checkCopySource, checkWrite } from '../conditions.js';
import { copySourceOf } from '../copy-source.js';
import { algorithmGiven } from '../payload.js';
import type { Bucket, ObjectDetails, StoredVersion } from '../state.js';
import { currentOf, etagOf, store } from '../state.js';
import { textOf, textsOf } from '../xml.js';
import type { Handling, Operation } from './handling.js';
import { bucketOf, versionOf } from './handling.js';
import { detailHeaders, detailsGiven } from './object-details.js';

const LARGEST_PUT = 5 * 2 ** 30;

export const putObject: Operation = (handling) => {
  const { request, quirks } = handling;
  const bucket = bucketOf(handling);
  checkWrite(request, quirks, currentOf(bucket, request.key));
  const { body } = request;
  if (body.length > LARGEST_PUT) {
    throw new S3Failure(
      400,
      'EntityTooLarge',
      'Your proposed upload exceeds the maximum allowed object size.',
    );
  }
  // S3 keeps a checksum of its own where none is given.
  const algorithm = algorithmGiven(request) ?? 'crc32';
  const value = checksumOf(algorithm, [body]);
  const stored = store(bucket, request.key, {
    isDeleteMarker: false,
    pieces: [body],
    size: body.length,
    etag: etagOf(body, quirks.randomEtags),
    partSizes: undefined,
    checksum: { algorithm, type: 'FULL_OBJECT', value },
    details: detailsGiven(request, bucket),
  });
  return empty(200, {
    ...writtenHeaders(bucket, stored),
    ...(algorithmGiven(request) !== undefined && {
      [`x-amz-checksum-${algorithm}`]: value,
      'x-amz-checksum-type': 'FULL_OBJECT',
    }),
  });
};

export const copyObject: Operation = (handling) => {
  const { request, quirks } = handling;
  const bucket = bucketOf(handling);
  const source = sourceOf(handling);
  checkCopySource(request, quirks, source);
  if (source.size > LARGEST_PUT) {
    throw invalidRequest(
      'The specified copy source is larger than the maximum allowable size for a copy source',
    );
  }
  const replaces = (name: string): boolean => request.headers[name] === 'REPLACE';
  const given = detailsGiven(request, bucket);
  const details: ObjectDetails = {
    ...given,
    headers: replaces('x-amz-metadata-directive') ? given.headers : source.details.headers,
    tags: replaces('x-amz-tagging-directive') ? given.tags : source.details.tags,
  };
  const bytes = Buffer.concat(source.pieces);
  const stored = store(bucket, request.key, {
    ...source,
    pieces: [bytes],
    etag: etagOf(bytes, quirks.randomEtags),
    partSizes: undefined,
    details,
  });
  const result = { ETag: stored.etag, LastModified: stored.modified.toISOString() };
  return xmlAnswer('CopyObjectResult', result, writtenHeaders(bucket, stored));
};

/** The object that a copy reads. @throws S3Failure */
export function sourceOf({ world, request }: Handling): StoredVersion {
  const { bucket, key, versionId } = copySourceOf(request)!;
  return versionOf(world.bucket(bucket), key, versionId);
}

export const deleteObject: Operation = (handling) => {
  const { request, quirks } = handling;
  const bucket = bucketOf(handling);
  const current = currentOf(bucket, request.key);
  if (request.headers['if-match'] !== undefined) checkWrite(request, quirks, current);
  const versionId = request.query.get('versionId');
  const isBypassed = request.headers['x-amz-bypass-governance-retention'] === 'true';
  return empty(204, remove(bucket, request.key, versionId, isBypassed));
};

export const deleteObjects: Operation = (handling) => {
  const bucket = bucketOf(handling);
  const deleted = textsOf(String(handling.request.body), 'Object').map((one) => {
    const [Key, versionId] = [textOf(one, 'Key') ?? '', textOf(one, 'VersionId') ?? null];
    remove(bucket, Key, versionId, false);
    return { Key };
  });
  return xmlAnswer('DeleteResult', { Deleted: deleted });
};

export const putObjectTagging: Operation = (handling) => {
  const { request } = handling;
  const version = versionOf(bucketOf(handling), request.key, request.query.get('versionId') ?? undefined);
  const tags = textsOf(String(request.body), 'Tag').map(
    (tag) => [textOf(tag, 'Key')!, textOf(tag, 'Value')!] as const,
  );
  version.details = { ...version.details, tags: new Map(tags) };
  return empty();
};

export const putObjectRetention: Operation = (handling) => {
  const { request } = handling;
  const version = versionOf(bucketOf(handling), request.key, request.query.get('versionId') ?? undefined);
  const [mode, until] = ['Mode', 'RetainUntilDate'].map((name) => textOf(String(request.body), name));
  version.details = { ...version.details, lock: { ...version.details.lock, mode, until: new Date(until!) } };
  return empty();
};

/** What an answer says of a version that was written. */
export function writtenHeaders(bucket: Bucket, stored: StoredVersion): Record<string, string> {
  const encryption = detailHeaders(stored.details)['x-amz-server-side-encryption'];
  return {
    etag: stored.etag,
    ...(encryption !== undefined && { 'x-amz-server-side-encryption': encryption }),
    ...(bucket.versioning !== undefined && { 'x-amz-version-id': stored.versionId }),
  };
}

function remove(
  bucket: Bucket,
  key: string,
  versionId: string | null,
  isBypassed: boolean,
): Record<string, string> {
  const versions = bucket.keys.get(key) ?? [];
  if (versionId === null && bucket.versioning === 'Enabled') {
    const { versionId: id } = store(bucket, key, {
      isDeleteMarker: true,
      pieces: [],
      size: 0,
      etag: '""',
      partSizes: undefined,
      checksum: undefined,
      details: { headers: {}, storageClass: 'STANDARD', tags: new Map(), lock: {} },
    });
    return { 'x-amz-delete-marker': 'true', 'x-amz-version-id': id };
  }
  const goes = versions.find((version) => version.versionId === (versionId ?? 'null'));
  const lock = goes?.details.lock;
  const isHeld = lock?.until !== undefined && lock.until.getTime() > Date.now();
  if (lock?.legalHold || (isHeld && !(lock.mode === 'GOVERNANCE' && isBypassed))) {
    throw accessDenied('Access Denied because object protected by object lock.');
  }
  const left = versions.filter((version) => version !== goes);
  if (left.length > 0) bucket.keys.set(key, left);
  else bucket.keys.delete(key);
  return versionId === null ? {} : { 'x-amz-version-id': versionId };
}
