import { optionsTypeError } from '../../errors.js';
import type { ReaderLimits } from '../../format/preamble.js';
import type { KeyProvider } from '../../keys/provider.js';
import type { OptionNames } from '../../options.js';
import { assertSignal, readOptions } from '../../options.js';
import type { SealedOptions } from '../../sealed/sealed-options.js';
import type { DecryptSettings } from '../../session/decrypt-options.js';
import { decryptSettings, readerLimits } from '../../session/decrypt-options.js';
import type { ProgressListener } from '../../session/progress.js';
import { ProgressReport } from '../../session/progress.js';
import type { Checkpoint } from '../archive/checkpoint.js';
import type { ArchiveOptions } from '../reader/log-reader-options.js';
import { ARCHIVE_OPTIONS, archiveSettings } from '../reader/log-reader-options.js';
import type { ArchiveSource } from '../store/archive-source.js';

/** Options of `verifyArchive`. */
export interface VerifyArchiveOptions extends ArchiveOptions, Omit<SealedOptions, 'keys'> {
  /**
   * The keys that open the segments. Without keys the report only says whether the files agree with each other, and
   * with the checkpoint if there is one.
   */
  readonly keys?: KeyProvider | readonly KeyProvider[] | undefined;
  /** Called with the progress, at most ten times a second: bytes of segments, and lines as `bytesOut`. */
  readonly onProgress?: ProgressListener | undefined;
}

/** The checked options. */
export interface VerifyArchiveSettings {
  readonly source: ArchiveSource;
  readonly archive: string | undefined;
  readonly checkpoint: Checkpoint | undefined;
  /** Undefined without keys. */
  readonly decrypt: DecryptSettings | undefined;
  readonly limits: ReaderLimits;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ProgressListener | undefined;
}

const NAMES: OptionNames<VerifyArchiveOptions> = {
  ...ARCHIVE_OPTIONS,
  keys: true,
  engine: true,
  signal: true,
  encryptionContext: true,
  maxRecipients: true,
  maxFrameSize: true,
  maxPreambleSize: true,
  onProgress: true,
};

/** @throws TypeError or RangeError `ERR_SEALPIPE_OPTIONS`, or TypeError `ERR_SEALPIPE_CONTEXT` */
export function verifyArchiveSettings(options: VerifyArchiveOptions): VerifyArchiveSettings {
  const given = readOptions<VerifyArchiveOptions>('verifyArchive', options, NAMES);
  const { directory, store, client, clientConfig, archive, checkpoint, onProgress, keys, ...rest } = given;
  new ProgressReport(onProgress);
  const { signal } = rest;
  assertSignal(signal);
  if (keys === undefined && (rest.encryptionContext !== undefined || rest.engine !== undefined)) {
    throw optionsTypeError('`encryptionContext` and `engine` are of use with `keys` only');
  }
  return {
    ...archiveSettings({ directory, store, client, clientConfig, archive, checkpoint }),
    decrypt: keys === undefined ? undefined : decryptSettings({ ...rest, keys }),
    limits: readerLimits(rest),
    signal,
    onProgress,
  };
}
