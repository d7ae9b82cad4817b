import { optionsRangeError, optionsTypeError } from '../../../errors.js';
import type { OptionNames } from '../../../options.js';
import { readOptions } from '../../../options.js';
import type { Compression } from '../../units/coding.js';
import { hasZstd } from '../../units/coding.js';

/** A compression with its level. */
export interface CompressOptions {
  /** The compression. */
  readonly coding: 'zstd' | 'gzip';
  /** 1 to 9 for gzip, 1 to 19 for zstd. Default: 1. */
  readonly level?: number | undefined;
}

const NAMES: OptionNames<CompressOptions> = { coding: true, level: true };
const MOST_LEVEL = { gzip: 9, zstd: 19 } as const;
/** Logs are written often and read rarely: a higher level costs more than it saves. */
const LEVEL = 1;

/** Checks the option for compression. @throws TypeError or RangeError `ERR_SEALPIPE_OPTIONS` */
export function compressionOf(given: unknown): Compression | undefined {
  if (given === false) return undefined;
  if (given === undefined) return { coding: hasZstd ? 'zstd' : 'gzip', level: LEVEL };
  const options = typeof given === 'string' ? { coding: given } : given;
  const { coding, level = LEVEL } = readOptions<CompressOptions>(
    '`compress`',
    options as CompressOptions,
    NAMES,
  );
  if (coding !== 'gzip' && coding !== 'zstd') {
    throw optionsTypeError('`compress` must be false, zstd or gzip, or an object with `coding` and `level`');
  }
  if (coding === 'zstd' && !hasZstd) {
    throw optionsTypeError(
      `Node ${process.versions.node} has no zstd: compress with gzip, or use Node 22.15`,
    );
  }
  if (!Number.isInteger(level) || level < 1 || level > MOST_LEVEL[coding]) {
    throw optionsRangeError(`The level of ${coding} must be a whole number from 1 to ${MOST_LEVEL[coding]}`);
  }
  return { coding, level };
}
