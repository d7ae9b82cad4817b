import { optionsTypeError } from '../../errors.js';
import { LONGEST_KEY, parseS3Name } from '../../s3/names.js';
import { segmentDigits } from '../archive/segment-name.js';

/** The place of archives in a bucket. */
export interface ArchiveAddress {
  /** Its name, ARN or access point. */
  readonly bucket: string;
  /** The prefix of the keys: empty, or ends with `/`. */
  readonly prefix: string;
}

/** A segment in a bucket, according to its name. */
export interface StoredName {
  readonly name: string;
  readonly index: number;
  /** Of a fork: the salt of a segment whose index another segment has, in hex. */
  readonly fork: string | undefined;
}

/** The most bytes that the key of an object adds to the prefix: that of a fork. */
const LONGEST_NAME = 32 + 1 + 12 + '.fork-'.length + 64;
const STORED = /^([0-9]{12})(?:\.fork-([0-9a-f]{64}))?$/;

/**
 * Splits `s3://bucket/prefix` at the first `/` after the scheme. The prefix is not decoded; a `/` at its end is
 * ignored.
 *
 * @throws TypeError `ERR_SEALPIPE_OPTIONS`
 */
export function parseArchiveAddress(text: unknown): ArchiveAddress {
  if (typeof text !== 'string') throw optionsTypeError('`store` must be an s3://bucket/prefix');
  const { bucket, key } = parseS3Name(text);
  const prefix = key === '' || key.endsWith('/') ? key : `${key}/`;
  if (Buffer.byteLength(prefix) > LONGEST_KEY - LONGEST_NAME) {
    throw optionsTypeError(
      `\`store\`: the prefix leaves no room for the names of segments: it has at most ${LONGEST_KEY - LONGEST_NAME} bytes`,
    );
  }
  return { bucket, prefix };
}

/** The prefix of the keys of an archive. @param archive its id, in hex */
export function archivePrefix({ prefix }: ArchiveAddress, archive: string): string {
  return `${prefix}${archive}/`;
}

/** The key of a segment. @param archive its id, in hex */
export function segmentKey(address: ArchiveAddress, archive: string, index: number): string {
  return `${archivePrefix(address, archive)}${segmentDigits(index)}`;
}

/** The key of a segment whose index another segment has. @param salt of the segment, in hex */
export function forkKey(address: ArchiveAddress, archive: string, index: number, salt: string): string {
  return `${segmentKey(address, archive, index)}.fork-${salt}`;
}

/** Parses the last part of a key; undefined if it is not that of a segment. */
export function parseStoredName(name: string): StoredName | undefined {
  const [, index, fork] = STORED.exec(name) ?? [];
  return index === undefined ? undefined : { name, index: Number(index), fork };
}
