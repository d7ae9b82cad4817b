import { optionsRangeError } from '../../errors.js';
import type { StreamHeader } from '../../format/stream-header.js';
import type { OptionNames } from '../../options.js';
import { assertListeners, readOptions } from '../../options.js';
import type { DecryptOptions, DecryptSettings } from '../../session/decrypt-options.js';
import { decryptSettings, LIMIT_OPTIONS } from '../../session/decrypt-options.js';
import type { ProgressListener } from '../../session/progress.js';
import { size } from '../../session/stream-options.js';
import type { S3ClientLike } from '../client-like.js';
import { checkClient } from '../client-like.js';
import { requiredContext } from '../location.js';
import type { ObjectPlace } from '../reading/object-place.js';
import { checkPlace } from '../reading/object-place.js';
import { MOST_RANGES } from './parallel-feed.js';

/** Options of `decryptObject`. */
export interface DecryptObjectOptions extends Omit<DecryptOptions, 'writableHighWaterMark'> {
  /** An S3Client of `@aws-sdk/client-s3`. It is never changed or destroyed. */
  readonly client: S3ClientLike;
  /** The name of a bucket, or the ARN of a bucket or an access point. */
  readonly bucket: string;
  /** The key of the object, not encoded. */
  readonly key: string;
  /** One version of the object. Default: the current one. */
  readonly versionId?: string | undefined;
  /**
   * The place where the object was sealed, if it is not this one: `s3://bucket/key`, or `any` to accept every place and
   * objects that were sealed without their place. By default, an object opens only where it was sealed.
   */
  readonly location?: string | undefined;
  /** How many ranges are read at once, from 1 to 256; each takes up to 8 MiB of memory. Default: 1. */
  readonly concurrency?: number | undefined;
  /** Called with the header once the commitment has been checked, like the `header` event. */
  readonly onHeader?: ((header: StreamHeader) => void) | undefined;
  /** Called with the progress of the stream. */
  readonly onProgress?: ProgressListener | undefined;
}

/** The checked options. */
export interface DecryptObjectSettings {
  readonly client: S3ClientLike;
  readonly place: ObjectPlace;
  readonly concurrency: number;
  /** Whether the required pairs include the place of the object. */
  readonly isBound: boolean;
  readonly opening: DecryptSettings;
  readonly onHeader: ((header: StreamHeader) => void) | undefined;
  readonly onProgress: ProgressListener | undefined;
}

const OPENING: OptionNames<Omit<DecryptOptions, 'writableHighWaterMark' | 'encryptionContext'>> = {
  keys: true,
  engine: true,
  signal: true,
  readableHighWaterMark: true,
  ...LIMIT_OPTIONS,
};
const NAMES: OptionNames<DecryptObjectOptions> = {
  ...OPENING,
  encryptionContext: true,
  client: true,
  bucket: true,
  key: true,
  versionId: true,
  location: true,
  concurrency: true,
  onHeader: true,
  onProgress: true,
};

/** @throws TypeError or RangeError `ERR_SEALPIPE_OPTIONS`, or TypeError `ERR_SEALPIPE_CONTEXT` */
export function decryptObjectSettings(given: DecryptObjectOptions): DecryptObjectSettings {
  const options = readOptions('decryptObject()', given, NAMES);
  const { location, onHeader, onProgress } = options;
  const place = checkPlace(options);
  const concurrency = size(options, 'concurrency', 1) ?? 1;
  if (concurrency > MOST_RANGES) throw optionsRangeError(`\`concurrency\` must be at most ${MOST_RANGES}`);
  assertListeners({ onHeader, onProgress });
  const shared = Object.entries(options).filter(([name]) => Object.hasOwn(OPENING, name));
  const encryptionContext = requiredContext(options.encryptionContext ?? {}, place, {
    bind: 'location',
    location,
  });
  return {
    client: checkClient(options.client),
    place,
    concurrency,
    isBound: location !== 'any',
    opening: decryptSettings({
      ...(Object.fromEntries(shared) as unknown as DecryptOptions),
      // If the stream withholds its context, the caller has to give it: no pairs would mean no context.
      ...(!(location === 'any' && options.encryptionContext === undefined) && { encryptionContext }),
    }),
    onHeader,
    onProgress,
  };
}
