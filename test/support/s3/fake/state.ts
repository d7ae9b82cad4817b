import { createHash, randomBytes } from 'node:crypto';
import type { Policy } from './access/policy.js';
import { S3Failure } from './answer.js';
import type { Algorithm, ChecksumType, ObjectChecksum } from './checksums.js';

/** What comes with an object's bytes, given when its upload begins. */
export interface ObjectDetails {
  /** Headers that a reader gets back: content type, metadata, storage class, encryption, … */
  readonly headers: Readonly<Record<string, string>>;
  readonly storageClass: string;
  readonly tags: ReadonlyMap<string, string>;
  readonly lock: ObjectLock;
}

export interface ObjectLock {
  readonly mode?: string | undefined;
  readonly until?: Date | undefined;
  readonly legalHold?: boolean | undefined;
}

/** One version of an object; in a bucket without versions there is one, with the id `null`. */
export interface StoredVersion {
  readonly versionId: string;
  readonly isDeleteMarker: boolean;
  readonly pieces: readonly Buffer[];
  readonly size: number;
  /** With its quotes. */
  readonly etag: string;
  readonly modified: Date;
  /** Of a multipart upload: the sizes of its parts. */
  readonly partSizes: readonly number[] | undefined;
  readonly checksum: ObjectChecksum | undefined;
  details: ObjectDetails;
}

export interface StoredPart {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly modified: Date;
  /** Of the upload's algorithm, or the one that the part came with. */
  readonly checksum: { readonly algorithm: Algorithm; readonly value: string } | undefined;
}

export interface Upload {
  readonly id: string;
  readonly key: string;
  readonly initiated: Date;
  readonly details: ObjectDetails;
  readonly algorithm: Algorithm | undefined;
  readonly checksumType: ChecksumType | undefined;
  readonly parts: Map<number, StoredPart>;
}

export interface Bucket {
  readonly name: string;
  readonly region: string;
  readonly objectLock: boolean;
  versioning: 'Enabled' | 'Suspended' | undefined;
  policy: Policy | undefined;
  /** The versions of each key, the newest first. */
  readonly keys: Map<string, StoredVersion[]>;
  readonly uploads: Map<string, Upload>;
}

/** All buckets of one server. */
export class World {
  readonly buckets = new Map<string, Bucket>();

  /** @throws S3Failure BucketAlreadyOwnedByYou */
  createBucket(
    name: string,
    region: string,
    options: { readonly objectLock?: boolean; readonly versioning?: boolean } = {},
  ): Bucket {
    const { objectLock = false } = options;
    const { versioning = objectLock } = options;
    if (this.buckets.has(name)) {
      throw new S3Failure(
        409,
        'BucketAlreadyOwnedByYou',
        'Your previous request to create the named bucket succeeded.',
      );
    }
    const bucket: Bucket = {
      name,
      region,
      objectLock,
      versioning: versioning ? 'Enabled' : undefined,
      policy: undefined,
      keys: new Map(),
      uploads: new Map(),
    };
    this.buckets.set(name, bucket);
    return bucket;
  }

  /** @throws S3Failure NoSuchBucket */
  bucket(name: string): Bucket {
    const found = this.buckets.get(name);
    if (found === undefined) throw new S3Failure(404, 'NoSuchBucket', 'The specified bucket does not exist');
    return found;
  }
}

/** The newest version, unless it is a delete marker. */
export function currentOf(bucket: Bucket, key: string): StoredVersion | undefined {
  const newest = bucket.keys.get(key)?.[0];
  return newest?.isDeleteMarker ? undefined : newest;
}

/** Makes a version the newest of its key, with the id that the bucket's versioning gives it. */
export function store(
  bucket: Bucket,
  key: string,
  version: Omit<StoredVersion, 'versionId' | 'modified'>,
): StoredVersion {
  const versionId = bucket.versioning === 'Enabled' ? randomBytes(16).toString('base64url') : 'null';
  const older = (bucket.keys.get(key) ?? []).filter(
    (one) => versionId !== 'null' || one.versionId !== 'null',
  );
  const stored = { ...version, versionId, modified: new Date() };
  bucket.keys.set(key, [stored, ...older]);
  return stored;
}

/** The ETag of bytes, in quotes; of an encrypted one, random. */
export function etagOf(bytes: Buffer, isRandom: boolean): string {
  return `"${isRandom ? randomBytes(16).toString('hex') : createHash('md5').update(bytes).digest('hex')}"`;
}

/** The ETag of a multipart object. */
export function etagOfParts(etags: readonly string[]): string {
  const hash = createHash('md5');
  for (const etag of etags) hash.update(Buffer.from(etag.replaceAll('"', ''), 'hex'));
  return `"${hash.digest('hex')}-${etags.length}"`;
}

/** The bytes from `start` to `end` of bytes in pieces: views. */
export function slice(pieces: readonly Buffer[], start: number, end: number): Buffer[] {
  const found: Buffer[] = [];
  let at = 0;
  for (const piece of pieces) {
    const from = Math.max(0, start - at);
    const to = Math.min(piece.length, end - at);
    if (from < to) found.push(piece.subarray(from, to));
    at += piece.length;
  }
  return found;
}
