import { invalidArgument, invalidRequest, S3Failure } from '../answer.js';
import type { S3Request } from '../request.js';
import type { Bucket, ObjectDetails, ObjectLock } from '../state.js';

/** Headers that come back as they were given. */
const KEPT = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-website-redirect-location',
];
const STORAGE_CLASSES = new Set(
  'STANDARD REDUCED_REDUNDANCY STANDARD_IA ONEZONE_IA INTELLIGENT_TIERING GLACIER DEEP_ARCHIVE GLACIER_IR'.split(
    ' ',
  ),
);
const ENCRYPTIONS = new Set(['AES256', 'aws:kms', 'aws:kms:dsse']);
const MOST_METADATA = 2_048;
const MOST_TAGS = 10;

/** What a request that begins an object says of it. @throws S3Failure */
export function detailsGiven({ headers, operation }: S3Request, bucket: Bucket): ObjectDetails {
  const metadata = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-'));
  const length = metadata.reduce(
    (sum, [name, value = '']) => sum + name.length - 11 + Buffer.byteLength(value),
    0,
  );
  if (length > MOST_METADATA) {
    throw new S3Failure(
      400,
      'MetadataTooLarge',
      'Your metadata headers exceed the maximum allowed metadata size',
    );
  }
  const storageClass = headers['x-amz-storage-class'] ?? 'STANDARD';
  if (!STORAGE_CLASSES.has(storageClass)) {
    throw new S3Failure(400, 'InvalidStorageClass', 'The storage class you specified is not valid');
  }
  const encryption = headers['x-amz-server-side-encryption'] ?? 'AES256';
  if (!ENCRYPTIONS.has(encryption)) throw invalidArgument('The encryption method specified is not supported');
  const kept = Object.fromEntries(
    KEPT.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])),
  );
  const encoding = (headers['content-encoding'] ?? '').replace(/^aws-chunked,?/, '');
  const lock = lockGiven(headers, bucket);
  const hasDigest = Object.keys(headers).some((name) =>
    /^(content-md5|x-amz-(checksum-.*|trailer))$/.test(name),
  );
  if (lock.mode !== undefined && operation === 'PutObject' && !hasDigest) {
    throw invalidRequest(
      'Content-MD5 OR x-amz-checksum- HTTP header is required with Object Lock parameters',
    );
  }
  return {
    headers: {
      'content-type': 'binary/octet-stream',
      ...kept,
      ...Object.fromEntries(metadata.map(([name, value = '']) => [name, value])),
      'x-amz-server-side-encryption': encryption,
      'content-encoding': encoding,
    },
    storageClass,
    tags: tagsOf(headers['x-amz-tagging'] ?? ''),
    lock,
  };
}

/** Headers of an answer that say what an object is. */
export function detailHeaders({ headers, storageClass, tags, lock }: ObjectDetails): Record<string, string> {
  const { 'content-encoding': encoding, ...others } = headers;
  return {
    ...others,
    ...(encoding && { 'content-encoding': encoding }),
    ...(storageClass !== 'STANDARD' && { 'x-amz-storage-class': storageClass }),
    ...(tags.size > 0 && { 'x-amz-tagging-count': String(tags.size) }),
    ...(lock.mode !== undefined && { 'x-amz-object-lock-mode': lock.mode }),
    ...(lock.until !== undefined && { 'x-amz-object-lock-retain-until-date': lock.until.toISOString() }),
    ...(lock.legalHold && { 'x-amz-object-lock-legal-hold': 'ON' }),
  };
}

/** Tags as the header and the bodies of other requests have them. @throws S3Failure InvalidTag */
export function tagsOf(query: string): ReadonlyMap<string, string> {
  const tags = new Map(new URLSearchParams(query));
  if (tags.size > MOST_TAGS) throw new S3Failure(400, 'BadRequest', 'Object tags cannot be greater than 10');
  for (const [name, value] of tags) {
    if (name === '' || name.length > 128 || value.length > 256) {
      throw new S3Failure(400, 'InvalidTag', 'The tag that you have provided is not valid');
    }
  }
  return tags;
}

function lockGiven(headers: S3Request['headers'], bucket: Bucket): ObjectLock {
  const mode = headers['x-amz-object-lock-mode'];
  const until = headers['x-amz-object-lock-retain-until-date'];
  const legalHold = headers['x-amz-object-lock-legal-hold'] === 'ON';
  if ((mode ?? until) === undefined && !legalHold) return {};
  if (!bucket.objectLock) throw invalidRequest('Bucket is missing Object Lock Configuration');
  if ((mode === undefined) !== (until === undefined)) {
    throw invalidArgument(
      'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied',
    );
  }
  if (mode !== undefined && mode !== 'COMPLIANCE' && mode !== 'GOVERNANCE') {
    throw invalidArgument('Unknown wormMode directive.');
  }
  if (until !== undefined && !(Date.parse(until) > Date.now())) {
    throw invalidArgument('The retain until date must be in the future!');
  }
  return { mode, until: until === undefined ? undefined : new Date(until), legalHold };
}
