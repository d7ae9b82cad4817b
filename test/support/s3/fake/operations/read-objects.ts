import type { Answer } from '../answer.js';
import { empty, S3Failure, xmlAnswer } from '../answer.js';
import { checkRead } from '../conditions.js';
import type { StoredVersion } from '../state.js';
import { slice } from '../state.js';
import type { Handling, Operation } from './handling.js';
import { bucketOf, versionOf } from './handling.js';
import { detailHeaders } from './object-details.js';

const ARCHIVED = new Set(['GLACIER', 'DEEP_ARCHIVE']);

export const getObject: Operation = (handling) => {
  const version = versionRead(handling);
  if (ARCHIVED.has(version.details.storageClass)) {
    throw new S3Failure(
      403,
      'InvalidObjectState',
      "The operation is not valid for the object's storage class",
      {
        details: { StorageClass: version.details.storageClass },
      },
    );
  }
  const { start, end, headers } = rangeOf(handling, version);
  return {
    status: headers['content-range'] === undefined ? 200 : 206,
    headers: { ...headersOf(handling, version), ...headers, 'content-length': String(end - start) },
    body: slice(version.pieces, start, end),
  };
};

/** A HEAD says of a range what a GET would. */
export const headObject: Operation = (handling) => {
  const { status, headers } = getObject({ ...handling });
  return { status, headers, body: [] };
};

export const getObjectAttributes: Operation = (handling) => {
  const version = versionRead(handling);
  const { checksum } = version;
  return xmlAnswer(
    'GetObjectAttributesResponse',
    {
      ETag: version.etag.replaceAll('"', ''),
      ...(checksum !== undefined && {
        Checksum: {
          [`Checksum${checksum.algorithm.toUpperCase()}`]: checksum.value,
          ChecksumType: checksum.type,
        },
      }),
      ObjectSize: version.size,
      StorageClass: version.details.storageClass,
      ...(version.partSizes !== undefined && { ObjectParts: { PartsCount: version.partSizes.length } }),
    },
    { 'last-modified': version.modified.toUTCString() },
  );
};

export const getObjectTagging: Operation = (handling) => {
  const { details } = versionRead(handling);
  const Tag = [...details.tags].map(([Key, Value]) => ({ Key, Value }));
  return xmlAnswer('Tagging', { TagSet: { Tag } });
};

export const getObjectRetention: Operation = (handling) => {
  const { lock } = versionRead(handling).details;
  if (lock.mode === undefined) {
    throw new S3Failure(404, 'NoSuchObjectLockConfiguration', 'The object does not have a retention period');
  }
  return xmlAnswer('Retention', { Mode: lock.mode, RetainUntilDate: lock.until!.toISOString() });
};

export const headBucket: Operation = (handling) =>
  empty(200, { 'x-amz-bucket-region': bucketOf(handling).region });

function versionRead(handling: Handling): StoredVersion {
  const { request, quirks } = handling;
  const version = versionOf(bucketOf(handling), request.key, request.query.get('versionId') ?? undefined);
  checkRead(request, quirks, version);
  return version;
}

function headersOf({ request, quirks, world }: Handling, version: StoredVersion): Answer['headers'] {
  const { checksum } = version;
  const isWhole = request.headers['range'] === undefined && !request.query.has('partNumber');
  const showsChecksum =
    request.headers['x-amz-checksum-mode'] === 'ENABLED' && isWhole && checksum !== undefined;
  const isVersioned = world.bucket(request.bucket).versioning !== undefined && !quirks.bareEtags;
  return {
    'accept-ranges': 'bytes',
    etag: quirks.bareEtags ? version.etag.replaceAll('"', '') : version.etag,
    'last-modified': version.modified.toUTCString(),
    ...(isVersioned && { 'x-amz-version-id': version.versionId }),
    ...detailHeaders(version.details),
    ...(showsChecksum && {
      [`x-amz-checksum-${checksum.algorithm}`]: quirks.bareComposite
        ? checksum.value.replace(/-[0-9]+$/, '')
        : checksum.value,
      ...(!quirks.bareComposite && { 'x-amz-checksum-type': checksum.type }),
    }),
  };
}

interface Part {
  readonly start: number;
  readonly end: number;
  readonly headers: Record<string, string>;
}

/** What of an object is asked for: by range, by part number, or all of it. */
function rangeOf({ request, quirks }: Handling, { size, partSizes }: StoredVersion): Part {
  const whole = { start: 0, end: size, headers: {} };
  const contentRange = (start: number, end: number) => ({
    'content-range': `bytes ${start}-${end - 1}/${size}`,
  });
  const partNumber = request.query.get('partNumber');
  if (partNumber !== null) {
    const sizes = partSizes ?? [size];
    const length = sizes[Number(partNumber) - 1];
    if (length === undefined) {
      throw new S3Failure(416, 'InvalidPartNumber', 'The requested partnumber is not satisfiable');
    }
    const start = sizes.slice(0, Number(partNumber) - 1).reduce((sum, one) => sum + one, 0);
    const count = partSizes === undefined ? {} : { 'x-amz-mp-parts-count': String(sizes.length) };
    return {
      start,
      end: start + length,
      headers: { ...count, ...(size > 0 && contentRange(start, start + length)) },
    };
  }
  const range = /^bytes=([0-9]*)-([0-9]*)$/.exec(request.headers['range'] ?? '');
  if (range === null || quirks.ignoresRanges) return whole;
  const [, first = '', last = ''] = range;
  if (first === '' && last === '') return whole;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return whole;
  if (start >= size || (first === '' && Number(last) === 0)) {
    throw new S3Failure(416, 'InvalidRange', 'The requested range is not satisfiable', {
      headers: { 'content-range': `bytes */${size}` },
      details: { ActualObjectSize: String(size) },
    });
  }
  return { start, end, headers: contentRange(start, end) };
}
