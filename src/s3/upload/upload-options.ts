import { createHash } from 'node:crypto';
import { optionsRangeError, optionsTypeError } from '../../errors.js';
import type { FileProgress } from '../../files/file-options.js';
import type { StreamHeader } from '../../format/stream-header.js';
import { DEFAULT_FRAME_SIZE } from '../../limits.js';
import type { OptionNames } from '../../options.js';
import { assertListeners, booleanOption, readOptions } from '../../options.js';
import type { EncryptOptions, EncryptSettings } from '../../session/encrypt-options.js';
import { encryptSettings } from '../../session/encrypt-options.js';
import { size } from '../../session/stream-options.js';
import type { S3ClientLike } from '../client-like.js';
import { checkClient } from '../client-like.js';
import type { LocationBinding } from '../location.js';
import { boundContext, checkBinding } from '../location.js';
import { checkObjectName } from '../names.js';
import type { PayloadSigning } from '../store/requests/payload.js';
import { MEMORY, PartPlan, SMALLEST_PART } from './parts/part-plan.js';
import type { UploadBody } from './parts/source.js';
import type { ChecksumAlgorithm } from './requests/checksums.js';
import { checkAlgorithm } from './requests/checksums.js';
import type { ObjectAttributes } from './requests/object-attributes.js';
import { ATTRIBUTE_OPTIONS, attributesInput } from './requests/object-attributes.js';
import type { Target } from './requests/stored-object.js';

/** Options of encryption that also apply to objects. Their layout is always `fixed`. */
export type ObjectEncryptOptions = Omit<
  EncryptOptions,
  'layout' | 'readableHighWaterMark' | 'writableHighWaterMark'
>;

/** Options of `encryptObject`. */
export interface EncryptObjectOptions extends ObjectEncryptOptions, ObjectAttributes {
  /** An S3Client of `@aws-sdk/client-s3`, with its own region, endpoint, credentials and retries. */
  readonly client: S3ClientLike;
  /** The bucket: its name or ARN, or an access point (then see `location`). */
  readonly bucket: string;
  /** The key of the object, used unchanged. */
  readonly key: string;
  /** The plaintext. A stream is destroyed if the upload fails. */
  readonly body: UploadBody;
  /** Whether an existing object may be replaced. Default: false. */
  readonly overwrite?: boolean | undefined;
  /**
   * Which part of the object's place is bound into its encryption context. Default: `location`, its bucket and its key.
   */
  readonly bind?: LocationBinding | undefined;
  /** The object's place, `s3://bucket/key`, if `bucket` is an access point. */
  readonly location?: string | undefined;
  /**
   * Bytes of a part, from 5 MiB to 256 MiB. Default: 8 MiB, or what the length of the plaintext needs. If the length is not
   * known (`expectedLength`), the parts double after every 1,000, up to 256 MiB.
   */
  readonly partSize?: number | undefined;
  /** Parts in flight at once, from 1 to 64. They and the next one take at most 256 MiB. Default: 4. */
  readonly concurrency?: number | undefined;
  /** Whether parts are hashed for their signature even over TLS or to this machine. Default: `auto`, which does not. */
  readonly payloadSigning?: PayloadSigning | undefined;
  /** Default: `CRC32`, or none if the client has `requestChecksumCalculation: 'WHEN_REQUIRED'`. */
  readonly checksumAlgorithm?: ChecksumAlgorithm | undefined;
  /** The upload fails with `ERR_SEALPIPE_TIMEOUT` if `body` is silent for this many milliseconds. Default: no limit. */
  readonly sourceTimeout?: number | undefined;
  /**
   * A folder for journals, private to its user. With a journal, another process can resume the upload of a file after
   * this one was killed, and abandoned uploads can be found and removed. Default: no journals.
   */
  readonly journal?: string | undefined;
  /**
   * Called once the keys are available and before anything is sent; called again if the upload to resume is not the
   * same.
   */
  readonly onHeader?: ((header: StreamHeader) => void) | undefined;
  /** Called at most 10 times a second with the plaintext bytes read and the bytes stored. */
  readonly onProgress?: ((progress: FileProgress) => void) | undefined;
}

/** The options without the plaintext. */
export type UploadWish = Omit<EncryptObjectOptions, 'body'>;

/** The checked options. */
export interface UploadSettings {
  readonly client: S3ClientLike;
  readonly target: Target;
  readonly seal: EncryptSettings;
  readonly overwrite: boolean;
  readonly attributes: object;
  readonly hasRetention: boolean;
  readonly partSize: number | undefined;
  readonly concurrency: number;
  readonly payloadSigning: PayloadSigning;
  readonly checksumAlgorithm: ChecksumAlgorithm | undefined;
  readonly sourceTimeout: number;
  readonly journal: string | undefined;
  /** A digest of all options that affect the object and are not visible in its preamble. */
  readonly optionsDigest: string;
  readonly onHeader: ((header: StreamHeader) => void) | undefined;
  readonly onProgress: ((progress: FileProgress) => void) | undefined;
}

const SEAL_OPTIONS: OptionNames<ObjectEncryptOptions> = {
  keys: true,
  engine: true,
  signal: true,
  encryptionContext: true,
  suite: true,
  frameSize: true,
  withholdContext: true,
  envelopePadding: true,
  content: true,
  chain: true,
  expectedLength: true,
  confirm: true,
};
const NAMES: OptionNames<EncryptObjectOptions> = {
  ...SEAL_OPTIONS,
  ...ATTRIBUTE_OPTIONS,
  client: true,
  bucket: true,
  key: true,
  body: true,
  overwrite: true,
  bind: true,
  location: true,
  partSize: true,
  concurrency: true,
  payloadSigning: true,
  checksumAlgorithm: true,
  sourceTimeout: true,
  journal: true,
  onHeader: true,
  onProgress: true,
};
const MOST_IN_FLIGHT = 64;

/** Reads the options. @throws TypeError `ERR_SEALPIPE_OPTIONS` */
export function readUploadOptions(given: EncryptObjectOptions): EncryptObjectOptions {
  return readOptions('encryptObject', given, NAMES);
}

/** @throws TypeError or RangeError `ERR_SEALPIPE_OPTIONS`, or TypeError `ERR_SEALPIPE_CONTEXT` */
export function uploadSettings(options: UploadWish): UploadSettings {
  const target = checkObjectName(options);
  const { payloadSigning = 'auto', onHeader, onProgress } = options;
  const overwrite = booleanOption('overwrite', options.overwrite);
  if (payloadSigning !== 'auto' && payloadSigning !== 'signed') {
    throw optionsTypeError('`payloadSigning` must be auto or signed');
  }
  assertListeners({ onHeader, onProgress });
  const client = checkClient(options.client);
  const partSize = size(options, 'partSize', SMALLEST_PART);
  if (partSize !== undefined && partSize > MEMORY)
    throw optionsRangeError('`partSize` must be at most 256 MiB');
  const concurrency = size(options, 'concurrency', 1) ?? 4;
  if (concurrency > MOST_IN_FLIGHT)
    throw optionsRangeError(`\`concurrency\` must be at most ${MOST_IN_FLIGHT}`);
  const seal = sealSettings(options, target);
  // Refuses a length that does not fit before any request.
  new PartPlan({ frameSize: seal.frameSize, preambleSize: 0, partSize, length: seal.expectedLength });
  return {
    client,
    target,
    seal,
    overwrite,
    attributes: attributesInput(options),
    hasRetention: options.objectLock !== undefined,
    partSize,
    concurrency,
    payloadSigning,
    checksumAlgorithm: checkAlgorithm(options.checksumAlgorithm),
    sourceTimeout: size(options, 'sourceTimeout', 1) ?? 0,
    journal: folder(options.journal),
    optionsDigest: digestOf(options),
    onHeader,
    onProgress,
  };
}

function folder(journal: unknown): string | undefined {
  if (journal === undefined || (typeof journal === 'string' && journal !== '')) return journal;
  throw optionsTypeError('`journal` must be the path of a folder');
}

function digestOf(options: UploadWish): string {
  const { storageClass, tags, metadata, sse, objectLock, partSize, checksumAlgorithm } = options;
  const { content, chain, envelopePadding } = options;
  const kept = [storageClass, tags, metadata, sse, objectLock, partSize, checksumAlgorithm];
  return createHash('sha256')
    .update(JSON.stringify([...kept, content, chain, envelopePadding]))
    .digest('hex');
}

function sealSettings(options: UploadWish, target: Target): EncryptSettings {
  const own = Object.keys(SEAL_OPTIONS).flatMap((name) => {
    const value: unknown = Reflect.get(options, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const { encryptionContext = {}, location } = options;
  const bind = checkBinding(options.bind);
  return encryptSettings({
    frameSize: DEFAULT_FRAME_SIZE,
    ...(Object.fromEntries(own) as unknown as ObjectEncryptOptions),
    encryptionContext: boundContext(encryptionContext, target, { bind, location }),
  });
}
