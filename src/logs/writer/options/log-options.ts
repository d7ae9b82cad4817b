import type { EngineName } from '../../../crypto/aead.js';
import { optionsRangeError, optionsTypeError } from '../../../errors.js';
import type { KeyProvider } from '../../../keys/provider.js';
import type { OptionNames } from '../../../options.js';
import { booleanOption, readOptions } from '../../../options.js';
import type { ObjectLock } from '../../../s3/upload/requests/object-attributes.js';
import { attributesInput } from '../../../s3/upload/requests/object-attributes.js';
import type { EncryptOptions } from '../../../session/encrypt-options.js';
import { encryptSettings } from '../../../session/encrypt-options.js';
import type { SuiteName } from '../../../suites.js';
import { folderOption } from '../../archive/folder-option.js';
import type { LogStore, LogStoreOptions } from '../../store/store-options.js';
import { LOG_STORE_OPTIONS, logStore } from '../../store/store-options.js';
import type { Compression } from '../../units/coding.js';
import type { CompressOptions } from './compression-option.js';
import { compressionOf } from './compression-option.js';

/** When the open segment is sealed and the next one begins: whichever comes first. */
export interface RotateOptions {
  /** Bytes of a sealed segment. Default: 67,108,864. */
  readonly bytes?: number | undefined;
  /**
   * Milliseconds, at most 86,400,000, in which the machine is awake. A segment without lines is not rotated. Default:
   * 3,600,000.
   */
  readonly interval?: number | undefined;
}

/** When appended lines are sealed and written: whichever comes first. */
export interface FlushOptions {
  /** Milliseconds. Default: 1,000. */
  readonly interval?: number | undefined;
  /** Bytes of lines, at most 524,288. Default: 65,536. */
  readonly bytes?: number | undefined;
}

/**
 * Options of {@link openLogWriter}. With `store`, finished segments are uploaded to S3. `directory` keeps their files
 * until the whole segments have been read back.
 */
export interface LogWriterOptions extends LogStoreOptions {
  /** Generates the data key of each segment, and wraps it for others: one or more providers, like for `encrypt`. */
  readonly keys: KeyProvider | readonly KeyProvider[];
  /** The folder of the archive: a path, or a `file:` URL. It is created if its parent folder exists. */
  readonly directory: string | URL;
  /** Bound to every segment, and readable in it. Default: `{}`. */
  readonly encryptionContext?: Readonly<Record<string, string>> | undefined;
  /** Keeps the encryption context out of the segments: a reader must then supply it. */
  readonly withholdContext?: boolean | undefined;
  /** The cipher suite. Default: `AES-256-GCM`. */
  readonly suite?: SuiteName | undefined;
  /** Requires this engine. Default: the fastest that supports the suite here. */
  readonly engine?: EngineName | undefined;
  /** When the next segment begins. */
  readonly rotate?: RotateOptions | undefined;
  /** How soon lines can be read, and how much can be lost if the process is killed. */
  readonly flush?: FlushOptions | undefined;
  /**
   * How lines are compressed, with the default level (1) or your own; false: not at all. Sizes reveal contents to
   * anyone who can add text to lines that hold a secret and can see how the archive grows: then use false. Default:
   * `zstd` if Node supports it (22.15, 23.8), otherwise `gzip`.
   */
  readonly compress?: false | 'zstd' | 'gzip' | CompressOptions | undefined;
  /**
   * When lines are made durable, in case of a power cut: with every flush, or with every segment. `never` leaves it to
   * the system, except for segments that another one follows. Default: `flush`.
   */
  readonly fsync?: 'flush' | 'segment' | 'never' | undefined;
  /**
   * After this many milliseconds without a line, a record in the archive says that its writer is alive. Default: none.
   */
  readonly heartbeat?: number | undefined;
  /** The retention of each segment in the store, whose bucket must have Object Lock. Needs `store`. */
  readonly objectLock?: ObjectLock | undefined;
  /**
   * The limit for segments in `directory` that are not stored yet, in bytes. At this limit the writer is full; lines
   * that already wait to be written, at most 16 MiB, may exceed it. Needs `store`. Default: 10,737,418,240.
   */
  readonly maxBytes?: number | undefined;
  /**
   * Milliseconds that `end` waits for uploads. The next start uploads the remaining segments. Needs `store`. Default:
   * 8,000.
   */
  readonly drain?: number | undefined;
  /**
   * What `append` does while 16 MiB wait to be written, or `maxBytes` to be stored. `block` throws, and streams apply
   * backpressure. `drop` loses the line and counts it, and a record in the archive says so. Default: `block`.
   */
  readonly onFull?: 'block' | 'drop' | undefined;
  /** Continues an archive that has lost lines which were acknowledged as durable, and records the loss. */
  readonly acceptLoss?: boolean | undefined;
  /** You assert that nobody else writes to the folder. Needed on NFS, where two writers may not notice each other. */
  readonly singleWriter?: boolean | undefined;
  /** Aborting it ends the writer at once, like a kill. While `end` waits for uploads, it only ends that wait. */
  readonly signal?: AbortSignal | undefined;
}

/** The checked options. */
export interface LogSettings {
  readonly directory: string;
  /** For every segment, without its place in the chain. */
  readonly sealing: EncryptOptions;
  readonly rotateBytes: number;
  readonly rotateInterval: number;
  readonly flushBytes: number;
  /** Bytes of lines that arrive together and share a unit: at least `flushBytes`. */
  readonly unitBytes: number;
  readonly flushInterval: number;
  readonly compression: Compression | undefined;
  readonly fsync: 'flush' | 'segment' | 'never';
  readonly heartbeat: number | undefined;
  /** Undefined if there is no store. */
  readonly store: LogStoreSettings | undefined;
  readonly onFull: 'block' | 'drop';
  readonly acceptLoss: boolean;
  readonly singleWriter: boolean;
  readonly signal: AbortSignal | undefined;
}

/** The store for segments, and how they are uploaded. */
export interface LogStoreSettings extends LogStore {
  readonly objectLock: ObjectLock | undefined;
  readonly maxBytes: number;
  readonly drain: number;
}

/** The names of the options. */
export const LOG_WRITER_OPTIONS: OptionNames<LogWriterOptions> = {
  ...LOG_STORE_OPTIONS,
  keys: true,
  directory: true,
  encryptionContext: true,
  withholdContext: true,
  suite: true,
  engine: true,
  rotate: true,
  flush: true,
  compress: true,
  fsync: true,
  heartbeat: true,
  objectLock: true,
  maxBytes: true,
  drain: true,
  onFull: true,
  acceptLoss: true,
  singleWriter: true,
  signal: true,
};
const ROTATE: OptionNames<RotateOptions> = { bytes: true, interval: true };
const FLUSH: OptionNames<FlushOptions> = { bytes: true, interval: true };

const DAY = 86_400_000;
const LEAST_FRAME_SIZE = 65_536;

/**
 * Checks the options of a writer.
 *
 * @param atOnce bytes of lines that arrive together and may share a unit, at most 524,288; by default the size of a
 * flush
 * @throws TypeError or RangeError `ERR_SEALPIPE_OPTIONS` or `_CONTEXT`
 */
export function logSettings(given: LogWriterOptions, atOnce = 0): LogSettings {
  const options = readOptions('openLogWriter()', given, LOG_WRITER_OPTIONS);
  const rotate = readOptions<RotateOptions>('`rotate`', options.rotate ?? {}, ROTATE);
  const flush = readOptions<FlushOptions>('`flush`', options.flush ?? {}, FLUSH);
  const flushBytes = whole('flush.bytes', flush.bytes ?? 65_536, 1, 524_288);
  const sealing: EncryptOptions = {
    keys: options.keys,
    encryptionContext: options.encryptionContext,
    withholdContext: options.withholdContext,
    suite: options.suite,
    engine: options.engine,
    signal: options.signal,
    layout: 'record',
    frameSize: frameSizeFor(flushBytes, atOnce),
  };
  encryptSettings(sealing);
  return {
    directory: folderOption(options.directory),
    sealing,
    rotateBytes: whole('rotate.bytes', rotate.bytes ?? 67_108_864, 4_096, 2 ** 40),
    rotateInterval: whole('rotate.interval', rotate.interval ?? 3_600_000, 1, DAY),
    flushBytes,
    unitBytes: Math.max(flushBytes, atOnce),
    flushInterval: whole('flush.interval', flush.interval ?? 1_000, 1, DAY),
    compression: compressionOf(options.compress),
    fsync: oneOf('fsync', options.fsync ?? 'flush', ['flush', 'segment', 'never'] as const),
    heartbeat: options.heartbeat === undefined ? undefined : whole('heartbeat', options.heartbeat, 1, DAY),
    store: storeSettings(options),
    onFull: oneOf('onFull', options.onFull ?? 'block', ['block', 'drop'] as const),
    acceptLoss: booleanOption('acceptLoss', options.acceptLoss),
    singleWriter: booleanOption('singleWriter', options.singleWriter),
    signal: options.signal,
  };
}

function storeSettings(options: LogWriterOptions): LogStoreSettings | undefined {
  const { objectLock, maxBytes, drain } = options;
  const store = logStore(options, { objectLock, maxBytes, drain });
  if (store === undefined) return undefined;
  attributesInput({ objectLock });
  return {
    ...store,
    objectLock,
    maxBytes: whole('maxBytes', maxBytes ?? 10_737_418_240, 1, Number.MAX_SAFE_INTEGER),
    drain: whole('drain', drain ?? 8_000, 0, DAY),
  };
}

/** Twice the bytes of a flush, so that a unit has room for the line that exceeds them, unless it is very long. */
function frameSizeFor(flushBytes: number, atOnce: number): number {
  return Math.max(LEAST_FRAME_SIZE, 2 ** Math.ceil(Math.log2(Math.max(2 * flushBytes, atOnce))));
}

function whole(name: string, value: unknown, least: number, most: number): number {
  if (typeof value !== 'number') throw optionsTypeError(`\`${name}\` must be a number`);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw optionsRangeError(`\`${name}\` must be a whole number from ${least} to ${most}`);
  }
  return value;
}

function oneOf<T extends string>(name: string, value: T, values: readonly T[]): T {
  if (values.includes(value)) return value;
  throw optionsTypeError(`\`${name}\` must be one of ${values.join(', ')}`);
}
