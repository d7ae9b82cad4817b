import { optionsTypeError } from '../errors.js';
import { quoted, shortened } from '../text/printable.js';
import { isWellFormed } from '../text/well-formed.js';

/** An object by its bucket (name, ARN or access point) and its key. */
export interface ObjectName {
  readonly bucket: string;
  /** Never decoded or normalised. */
  readonly key: string;
}

/** The parsed form of `s3://bucket/key`. */
export interface S3Name extends ObjectName {
  /** The key is empty or ends with `/`: all objects whose keys begin with it. */
  readonly isPrefix: boolean;
}

const SCHEME = 's3://';
/** Bytes of UTF-8. */
export const LONGEST_KEY = 1_024;
const LONGEST_BUCKET = 255;
/**
 * The name of a bucket, or the alias of an access point. S3 no longer accepts capitals, `_` or more than 63 characters
 * in new names, but buckets of us-east-1 from before March 2018 may have such names.
 */
const BUCKET_NAME = /^[A-Za-z0-9._-]{3,255}$/;
const NO_BUCKET_NAME = /\.\.|^\d{1,3}(?:\.\d{1,3}){3}$/;
/** `arn:aws:s3:::bucket`: the only ARN that holds the name of its bucket. */
const BUCKET_ARN = /^arn:aws[a-z-]*:s3:::([^/:]+)$/;
/** Names that stand for an access point: its alias, or that of an Object Lambda or multi-region one. */
const ACCESS_POINT = /^arn:|-s3alias$|--ol-s3$|\.mrap$/;

/** Whether a text names an object or a prefix of S3. */
export function isS3Name(text: string): boolean {
  return text.startsWith(SCHEME);
}

/**
 * Splits `s3://bucket/key` at the first `/` behind the scheme. The key is not changed: nothing is decoded, and `?`, `#`
 * and `..` have no meaning.
 *
 * @throws TypeError `ERR_SEALPIPE_OPTIONS` if there is no bucket, or S3 cannot have a bucket of this name
 */
export function parseS3Name(text: string): S3Name {
  if (!isS3Name(text))
    throw optionsTypeError(`${quoted(shortened(text))} is not of the form s3://bucket/key`);
  const rest = text.slice(SCHEME.length);
  const slash = rest.indexOf('/');
  const bucket = slash < 0 ? rest : rest.slice(0, slash);
  const key = slash < 0 ? '' : rest.slice(slash + 1);
  if (bucket.startsWith('arn:') && bucket.endsWith(':accesspoint')) {
    throw optionsTypeError(
      'A name is split at its first "/": write the ARN of an access point with a colon, as in arn:…:accesspoint:NAME',
    );
  }
  assertBucket(bucket);
  if (key !== '') assertKey(key);
  return { bucket, key, isPrefix: key === '' || key.endsWith('/') };
}

/** Checks the name of an object in options. @throws TypeError `ERR_SEALPIPE_OPTIONS` */
export function checkObjectName({ bucket, key }: { bucket: unknown; key: unknown }): ObjectName {
  assertBucket(bucket);
  assertKey(key);
  return { bucket, key };
}

/**
 * The bucket's own name, by which an object is bound to its place (`sealpipe:bucket`), however the bucket is addressed.
 *
 * @returns undefined for an access point, which does not tell its bucket
 */
export function canonicalBucket(bucket: string): string | undefined {
  const [, name] = BUCKET_ARN.exec(bucket) ?? [];
  if (name !== undefined) return name;
  return ACCESS_POINT.test(bucket) ? undefined : bucket;
}

/** Checks only a bucket. @throws TypeError `ERR_SEALPIPE_OPTIONS` */
export function assertBucket(bucket: unknown): asserts bucket is string {
  if (typeof bucket !== 'string' || bucket === '' || /[/\p{C}\s]/u.test(bucket)) {
    throw optionsTypeError('`bucket` must be the name of a bucket, or the ARN of a bucket or access point');
  }
  if (bucket.length > LONGEST_BUCKET) throw optionsTypeError('`bucket` is too long for a name or an ARN');
  if (bucket.startsWith('arn:') || (BUCKET_NAME.test(bucket) && !NO_BUCKET_NAME.test(bucket))) return;
  throw optionsTypeError(
    `No bucket is named ${quoted(shortened(bucket))}: a name has at least 3 letters, digits, dots and hyphens, and is not an IP address`,
  );
}

function assertKey(key: unknown): asserts key is string {
  if (typeof key !== 'string' || key === '') throw optionsTypeError('`key` must be the key of an object');
  if (!isWellFormed(key)) throw optionsTypeError('`key` has a lone surrogate, which no key can hold');
  if (Buffer.byteLength(key) > LONGEST_KEY) {
    throw optionsTypeError(`\`key\` is over the ${LONGEST_KEY} bytes that a key of S3 can have`);
  }
}
