import type { CanonicalContext } from '../format/encryption-context.js';
import { canonicalContext } from '../format/encryption-context.js';
import type { ReaderLimits } from '../format/preamble.js';
import { FORMAT_LIMITS } from '../format/preamble.js';
import type { OptionNames } from '../options.js';
import { readOptions } from '../options.js';
import type { StreamOptions, StreamSettings } from './stream-options.js';
import { STREAM_OPTIONS, size, streamSettings } from './stream-options.js';

/**
 * Limits of a reader, checked before it allocates or calls a key provider; over them it fails with
 * `ERR_SEALPIPE_LIMIT`. The defaults are the limits of FORMAT.md.
 */
export interface LimitOptions {
  /** Recipients in the stream, from 1 on. Default: 32. */
  readonly maxRecipients?: number | undefined;
  /** Plaintext bytes of a frame: the memory that a frame may take. Default: 1,048,576. */
  readonly maxFrameSize?: number | undefined;
  /** Bytes before the first frame. Default: 131,156. */
  readonly maxPreambleSize?: number | undefined;
}

/** Options of `createDecryptStream` and `decrypt`. */
export interface DecryptOptions extends StreamOptions, LimitOptions {
  /**
   * Pairs that the stream's context must have, or it fails with `ERR_SEALPIPE_CONTEXT` before any key call. If the
   * stream withholds its context, give all of it (`{}` if it is empty). By default, no pair is required.
   */
  readonly encryptionContext?: Readonly<Record<string, string>> | undefined;
}

/** The names of the limits. */
export const LIMIT_OPTIONS: OptionNames<LimitOptions> = {
  maxRecipients: true,
  maxFrameSize: true,
  maxPreambleSize: true,
};
const NAMES: OptionNames<DecryptOptions> = { ...STREAM_OPTIONS, ...LIMIT_OPTIONS, encryptionContext: true };

/** The checked options. */
export interface DecryptSettings extends StreamSettings {
  readonly context: CanonicalContext | undefined;
  readonly limits: ReaderLimits;
}

/**
 * Checks the options of opening.
 *
 * @throws TypeError or RangeError `ERR_SEALPIPE_OPTIONS`, or TypeError `ERR_SEALPIPE_CONTEXT`
 */
export function decryptSettings(given: DecryptOptions): DecryptSettings {
  const options = readOptions('Opening', given, NAMES);
  const settings = streamSettings(options);
  const { encryptionContext } = options;
  return {
    ...settings,
    context: encryptionContext === undefined ? undefined : canonicalContext(encryptionContext),
    limits: readerLimits(options),
  };
}

/** Checks only the limits of `readOptions`. */
export function readerLimits(options: LimitOptions): ReaderLimits {
  return {
    maxRecipients: size(options, 'maxRecipients', 1) ?? FORMAT_LIMITS.maxRecipients,
    maxFrameSize: size(options, 'maxFrameSize', 1) ?? FORMAT_LIMITS.maxFrameSize,
    maxPreambleSize: size(options, 'maxPreambleSize', 1) ?? FORMAT_LIMITS.maxPreambleSize,
  };
}
