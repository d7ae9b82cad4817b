import type { OptionNames } from '../../options.js';
import { readOptions } from '../../options.js';
import type { ByteSource } from '../../sources/byte-source.js';
import type { S3ClientLike } from '../client-like.js';
import { checkClient } from '../client-like.js';
import { PACE } from '../store/pace.js';
import { checkPlace } from './object-place.js';
import { ObjectSource } from './object-source.js';

/** Options of `s3Source`. */
export interface S3SourceOptions {
  /** An S3Client of `@aws-sdk/client-s3`. It is never changed or destroyed. */
  readonly client: S3ClientLike;
  /** The name of a bucket, or the ARN of a bucket or an access point. */
  readonly bucket: string;
  /** The key of the object, not encoded. */
  readonly key: string;
  /** One version of the object. Default: the current one at the first read. */
  readonly versionId?: string | undefined;
}

const NAMES: OptionNames<S3SourceOptions> = { client: true, bucket: true, key: true, versionId: true };

/**
 * An object as a source for `openSealed`, `verify`, `recover` and `readHeader`: only the ranges that they need are
 * fetched, all from one version of the object, and the ETag, version, range and length of every response are compared.
 * If the object is replaced between two requests, reading continues only if the new object is the same stream, like
 * after a re-wrap.
 *
 * A source does not know the context of its stream. To require the place where the object was sealed, like
 * `decryptObject` does, require its pairs: `sealpipe:bucket` and `sealpipe:key`.
 *
 * @throws TypeError `ERR_SEALPIPE_OPTIONS`
 * @example
 * const source = s3Source({ client: new S3Client({}), bucket: 'backups', key: 'db.sealed' });
 * const encryptionContext = { 'sealpipe:bucket': 'backups', 'sealpipe:key': 'db.sealed' };
 * await using reader = await openSealed(source, { keys, encryptionContext });
 * const header = await reader.read(0, 512);
 */
export function s3Source(options: S3SourceOptions): ByteSource {
  const given = readOptions('s3Source()', options, NAMES);
  const source = new ObjectSource(checkClient(given.client), checkPlace(given), { pace: PACE });
  // A named version cannot change, so there is no newer one to switch to.
  return given.versionId === undefined ? source : { size: source.size, read: source.read };
}
