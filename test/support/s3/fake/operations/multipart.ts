import { randomBytes } from 'node:crypto';
import { empty, invalidArgument, invalidRequest, S3Failure, xmlAnswer } from '../answer.js';
import type { Algorithm } from '../checksums.js';
import { algorithmNamed, checksumOf } from '../checksums.js';
import { checkCopySource } from '../conditions.js';
import { algorithmGiven } from '../payload.js';
import type { StoredPart, Upload } from '../state.js';
import { etagOf, slice } from '../state.js';
import type { Handling, Operation } from './handling.js';
import { bucketOf, uploadOf } from './handling.js';
import { detailsGiven } from './object-details.js';
import { sourceOf } from './write-objects.js';

const MOST_PARTS = 10_000;
const LARGEST_PART = 5 * 2 ** 30;
/** A range is copied only out of a source larger than this. */
const SMALLEST_RANGE_SOURCE = 5 * 2 ** 20;
const FULL_OBJECT_ONLY = new Set<Algorithm>(['crc64nvme']);
const COMPOSITE_ONLY = new Set<Algorithm>(['sha1', 'sha256']);

export const createMultipartUpload: Operation = (handling) => {
  const { request } = handling;
  const bucket = bucketOf(handling);
  if (request.headers['if-match'] !== undefined || request.headers['if-none-match'] !== undefined) {
    throw new S3Failure(
      501,
      'NotImplemented',
      'A header you provided implies functionality that is not implemented',
    );
  }
  const algorithm = algorithmNamed(request.headers['x-amz-checksum-algorithm']);
  const type = request.headers['x-amz-checksum-type'];
  if (type !== undefined && type !== 'COMPOSITE' && type !== 'FULL_OBJECT') {
    throw invalidRequest('Value for x-amz-checksum-type header is invalid.');
  }
  const wrong = type === 'FULL_OBJECT' ? COMPOSITE_ONLY : FULL_OBJECT_ONLY;
  if (type !== undefined && (algorithm === undefined || wrong.has(algorithm))) {
    throw invalidRequest(`The ${type} checksum type cannot be used with this checksum algorithm.`);
  }
  const byDefault = algorithm !== undefined && FULL_OBJECT_ONLY.has(algorithm) ? 'FULL_OBJECT' : 'COMPOSITE';
  const upload: Upload = {
    id: randomBytes(24).toString('base64url'),
    key: request.key,
    initiated: new Date(),
    details: detailsGiven(request, bucket),
    algorithm,
    checksumType: algorithm === undefined ? undefined : (type ?? byDefault),
    parts: new Map(),
  };
  bucket.uploads.set(upload.id, upload);
  return xmlAnswer(
    'InitiateMultipartUploadResult',
    { Bucket: bucket.name, Key: upload.key, UploadId: upload.id },
    { 'x-amz-server-side-encryption': upload.details.headers['x-amz-server-side-encryption']! },
  );
};

export const uploadPart: Operation = (handling) => {
  const upload = uploadOf(handling);
  const given = algorithmGiven(handling.request);
  if (
    upload.details.lock.mode !== undefined &&
    given === undefined &&
    !handling.request.headers['content-md5']
  ) {
    throw invalidRequest(
      'Content-MD5 OR x-amz-checksum- HTTP header is required with Object Lock parameters',
    );
  }
  if (upload.algorithm !== undefined && given !== undefined && given !== upload.algorithm) {
    throw invalidRequest(`Checksum Type mismatch occurred, expected ${upload.algorithm}, actual ${given}`);
  }
  const part = putPart(handling, upload, handling.request.body, given);
  return empty(200, {
    etag: part.etag,
    'x-amz-server-side-encryption': upload.details.headers['x-amz-server-side-encryption']!,
    ...(part.checksum !== undefined && {
      [`x-amz-checksum-${part.checksum.algorithm}`]: part.checksum.value,
    }),
  });
};

export const uploadPartCopy: Operation = (handling) => {
  const { request, quirks } = handling;
  const upload = uploadOf(handling);
  const source = sourceOf(handling);
  checkCopySource(request, quirks, source);
  const header = request.headers['x-amz-copy-source-range'];
  let [start, end] = [0, source.size];
  if (header !== undefined) {
    const [, first, last] = /^bytes=([0-9]+)-([0-9]+)$/.exec(header) ?? [];
    [start, end] = [Number(first), Number(last) + 1];
    if (!(start < end) || end > source.size) {
      throw invalidArgument(`Range specified is not valid for source object of size: ${source.size}`);
    }
    if (source.size <= SMALLEST_RANGE_SOURCE) {
      throw invalidRequest('The specified copy source is not supported as a byte-range copy source');
    }
  }
  const bytes = Buffer.concat(slice(source.pieces, start, end));
  const part = putPart(handling, upload, bytes, undefined);
  return xmlAnswer('CopyPartResult', { ETag: part.etag, LastModified: part.modified.toISOString() });
};

/** A part uploaded twice: the later one stands. */
function putPart(
  { request, quirks }: Handling,
  upload: Upload,
  bytes: Buffer,
  given: Algorithm | undefined,
): StoredPart {
  const number = Number(request.query.get('partNumber'));
  if (!Number.isInteger(number) || number < 1 || number > MOST_PARTS) {
    throw invalidArgument('Part number must be an integer between 1 and 10000, inclusive');
  }
  if (bytes.length > LARGEST_PART) {
    throw new S3Failure(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size');
  }
  const algorithm = upload.algorithm ?? given;
  const part: StoredPart = {
    bytes,
    etag: etagOf(bytes, quirks.randomEtags),
    modified: new Date(),
    checksum: algorithm === undefined ? undefined : { algorithm, value: checksumOf(algorithm, [bytes]) },
  };
  upload.parts.set(number, part);
  return part;
}
