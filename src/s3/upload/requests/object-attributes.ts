import { optionsRangeError, optionsTypeError } from '../../../errors.js';
import type { OptionNames } from '../../../options.js';
import { readOptions } from '../../../options.js';
import { quoted, shortened } from '../../../text/printable.js';

/** Attributes that S3 gives an object when it is created. */
export interface ObjectAttributes {
  /** Such as `STANDARD_IA`. Default: the bucket's. */
  readonly storageClass?: string | undefined;
  /** Tags of the object: at most 10, readable with the permission for the object's tags. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /**
   * Metadata of the object, in the clear: names of letters, digits, `-`, `_` and `.`, and values of printable ASCII. Names
   * that begin with `sealpipe-` are this library's.
   */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /**
   * Additional encryption by S3 itself: `AES256`, `aws:kms`, `aws:kms:dsse`, or with a key of KMS. Default: the
   * bucket's.
   */
  readonly sse?: string | ServerSideEncryption | undefined;
  /**
   * Retention: the number of days during which nobody may delete or change the object. The bucket must have Object
   * Lock.
   */
  readonly objectLock?: ObjectLock | undefined;
}

/** Encryption by S3 itself. */
export interface ServerSideEncryption {
  /** `AES256`, `aws:kms` or `aws:kms:dsse`. */
  readonly algorithm: string;
  /** The key of KMS, by its id or ARN. Default: that of the bucket or the account. */
  readonly keyId?: string | undefined;
}

/** Retention of an object. */
export interface ObjectLock {
  /** `COMPLIANCE`: nobody can end it early. `GOVERNANCE`: users with a special permission can. */
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE';
  /** Counted from now on. */
  readonly days: number;
}

/** The names of the options. */
export const ATTRIBUTE_OPTIONS: OptionNames<ObjectAttributes> = {
  storageClass: true,
  tags: true,
  metadata: true,
  sse: true,
  objectLock: true,
};

const SSE_OPTIONS: OptionNames<ServerSideEncryption> = { algorithm: true, keyId: true };
const LOCK_OPTIONS: OptionNames<ObjectLock> = { mode: true, days: true };
const MOST_TAGS = 10;
const OWN_METADATA = /^sealpipe-/i;
const METADATA_NAME = /^[A-Za-z0-9_.-]{1,128}$/;
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
const DAY = 86_400_000;
/** A hundred years: a longer retention is probably a mistake, which nobody could undo. */
const MOST_DAYS = 36_500;

/**
 * The members of PutObject and CreateMultipartUpload for the attributes.
 *
 * @throws TypeError or RangeError `ERR_SEALPIPE_OPTIONS`
 */
export function attributesInput({ storageClass, tags, metadata, sse, objectLock }: ObjectAttributes): object {
  if (
    storageClass !== undefined &&
    (typeof storageClass !== 'string' || !/^[A-Z0-9_]+$/.test(storageClass))
  ) {
    throw optionsTypeError('`storageClass` must be the name of a storage class, such as STANDARD_IA');
  }
  return {
    ...(storageClass !== undefined && { StorageClass: storageClass }),
    ...(tags !== undefined && { Tagging: taggingOf(tags) }),
    Metadata: metadataOf(metadata ?? {}),
    ...(sse !== undefined && sseInput(sse)),
    ...(objectLock !== undefined && lockInput(objectLock)),
  };
}

function taggingOf(tags: Readonly<Record<string, string>>): string {
  const pairs = textPairs('tags', tags);
  if (pairs.length > MOST_TAGS) throw optionsRangeError(`\`tags\` has more than ${MOST_TAGS} tags`);
  return pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
}

function metadataOf(metadata: Readonly<Record<string, string>>): Record<string, string> {
  const pairs = textPairs('metadata', metadata);
  for (const [name, value] of pairs) {
    const shown = quoted(shortened(name));
    if (OWN_METADATA.test(name)) throw optionsTypeError(`\`metadata\`: ${shown} is a name of this library`);
    if (!METADATA_NAME.test(name) || !PRINTABLE_ASCII.test(value)) {
      throw optionsTypeError(`\`metadata\`: S3 does not take the name or the value of ${shown}`);
    }
  }
  return Object.fromEntries(pairs);
}

function textPairs(option: string, pairs: unknown): [string, string][] {
  if (typeof pairs !== 'object' || pairs === null)
    throw optionsTypeError(`\`${option}\` must be an object of strings`);
  const entries = Object.entries(pairs);
  if (!entries.every(([name, value]) => name !== '' && typeof value === 'string')) {
    throw optionsTypeError(`\`${option}\` must be an object of strings`);
  }
  return entries as [string, string][];
}

function sseInput(given: string | ServerSideEncryption): object {
  const { algorithm, keyId } =
    typeof given === 'string' ? { algorithm: given } : readOptions('`sse`', given, SSE_OPTIONS);
  const isKnown = ['AES256', 'aws:kms', 'aws:kms:dsse'].includes(algorithm);
  if (!isKnown) throw optionsTypeError('`sse` must be AES256, aws:kms or aws:kms:dsse');
  if (keyId === undefined) return { ServerSideEncryption: algorithm };
  if (typeof keyId !== 'string' || keyId === '' || algorithm === 'AES256') {
    throw optionsTypeError('`sse.keyId` must name a key of KMS, and goes with aws:kms and aws:kms:dsse');
  }
  return { ServerSideEncryption: algorithm, SSEKMSKeyId: keyId };
}

function lockInput(given: ObjectLock): object {
  const { mode, days } = readOptions('`objectLock`', given, LOCK_OPTIONS);
  if (mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE') {
    throw optionsTypeError('`objectLock.mode` must be GOVERNANCE or COMPLIANCE');
  }
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS) {
    throw optionsRangeError(`\`objectLock.days\` must be a whole number from 1 to ${MOST_DAYS}`);
  }
  return { ObjectLockMode: mode, ObjectLockRetainUntilDate: new Date(Date.now() + days * DAY) };
}
