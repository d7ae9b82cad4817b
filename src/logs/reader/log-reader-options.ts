import { optionsRangeError, optionsTypeError } from '../../errors.js';
import type { OptionNames } from '../../options.js';
import { booleanOption } from '../../options.js';
import type { SealedOptions } from '../../sealed/sealed-options.js';
import { sealedSettings } from '../../sealed/sealed-options.js';
import type { DecryptSettings } from '../../session/decrypt-options.js';
import { size } from '../../session/stream-options.js';
import type { Checkpoint } from '../archive/checkpoint.js';
import { parseCheckpoint } from '../archive/checkpoint.js';
import { isArchiveName } from '../archive/segment-name.js';
import type { ArchiveSource, ArchiveSourceOptions } from '../store/archive-source.js';
import { archiveSource, SOURCE_OPTIONS } from '../store/archive-source.js';
import type { TimeRange } from './selection/time-range.js';

/** Options of everything that reads log archives: `directory` or `store`, and which archives to read. */
export interface ArchiveOptions extends ArchiveSourceOptions {
  /** The id of one archive in it, 32 hex digits. Default: all of them. */
  readonly archive?: string | undefined;
  /**
   * The state of an archive at some moment, which the archive of that id must match. Segments before it may be missing
   * if it belongs to the last removed one.
   */
  readonly checkpoint?: Checkpoint | undefined;
}

/** Options of `openLogReader`. */
export interface LogReaderOptions extends SealedOptions, ArchiveOptions {
  /**
   * The earliest time of a line, in milliseconds since 1970, or as a Date. The time of a line is only known for its
   * batch.
   */
  readonly since?: number | Date | undefined;
  /** The time before which a line arrived. */
  readonly until?: number | Date | undefined;
  /**
   * Opens the index of every segment, instead of only those that names or a search suggest and their neighbours. Costs
   * one key call per segment. Default: false.
   */
  readonly strict?: boolean | undefined;
  /** Returns only this many lines, the last ones. Not with `since` or `until`. Default: all. */
  readonly last?: number | undefined;
  /**
   * Continues after the current end until `close` or `signal`. Not with `until`. In a bucket, only ended segments are
   * visible, and it is polled every ten seconds. Once the current end was reached, a failure of the store or the key
   * service that may pass does not end the reading: it is tried again until it succeeds. Default: false.
   */
  readonly follow?: boolean | undefined;
}

/** The checked options. */
export interface LogReaderSettings {
  readonly source: ArchiveSource;
  readonly archive: string | undefined;
  readonly checkpoint: Checkpoint | undefined;
  readonly decrypt: DecryptSettings;
  readonly range: TimeRange | undefined;
  readonly strict: boolean;
  readonly last: number | undefined;
  readonly follow: boolean;
}

/** The names of these options. */
export const ARCHIVE_OPTIONS: OptionNames<ArchiveOptions> = {
  ...SOURCE_OPTIONS,
  archive: true,
  checkpoint: true,
};

const OWN_OPTIONS: OptionNames<Omit<LogReaderOptions, keyof SealedOptions>> = {
  ...ARCHIVE_OPTIONS,
  since: true,
  until: true,
  strict: true,
  last: true,
  follow: true,
};

/** @throws TypeError or RangeError `ERR_SEALPIPE_OPTIONS`, or TypeError `ERR_SEALPIPE_CONTEXT` */
export function logReaderSettings(options: LogReaderOptions): LogReaderSettings {
  const { settings, own } = sealedSettings('openLogReader', options, OWN_OPTIONS);
  const since = time(own, 'since');
  const until = time(own, 'until');
  const last = size(own, 'last');
  const follow = booleanOption('follow', own.follow);
  const hasRange = since !== undefined || until !== undefined;
  if (last !== undefined && hasRange) throw optionsTypeError('`last` goes with neither `since` nor `until`');
  if (follow && until !== undefined) throw optionsTypeError('`follow` has no end: leave `until` out');
  return {
    ...archiveSettings(own),
    decrypt: settings,
    range: hasRange
      ? { since: since ?? Number.NEGATIVE_INFINITY, until: until ?? Number.POSITIVE_INFINITY }
      : undefined,
    strict: booleanOption('strict', own.strict),
    last,
    follow,
  };
}

/**
 * Checks which archives to read. @throws TypeError `ERR_SEALPIPE_OPTIONS`; SealpipeError `ERR_SEALPIPE_FORMAT` for a
 * checkpoint
 */
export function archiveSettings({ archive, checkpoint, ...place }: ArchiveOptions): {
  readonly source: ArchiveSource;
  readonly archive: string | undefined;
  readonly checkpoint: Checkpoint | undefined;
} {
  if (archive !== undefined && (typeof archive !== 'string' || !isArchiveName(archive))) {
    throw optionsTypeError('`archive` must be the id of an archive, 32 hex digits');
  }
  const known = checkpoint === undefined ? undefined : parseCheckpoint(checkpoint);
  if (archive !== undefined && known !== undefined && known.archive !== archive) {
    throw optionsTypeError('`checkpoint` is of another archive than `archive`');
  }
  const { directory, store, client, clientConfig } = place;
  return { source: archiveSource({ directory, store, client, clientConfig }), archive, checkpoint: known };
}

function time<K extends string>(
  options: { readonly [P in K]?: number | Date | undefined },
  name: K,
): number | undefined {
  const value: unknown = options[name];
  if (value === undefined) return undefined;
  const isDate = Object.prototype.toString.call(value) === '[object Date]';
  const milliseconds: unknown = isDate ? (value as Date).getTime() : value;
  if (typeof milliseconds !== 'number')
    throw optionsTypeError(`\`${name}\` must be a number of milliseconds, or a Date`);
  if (Number.isNaN(milliseconds)) throw optionsRangeError(`\`${name}\` is no time`);
  return milliseconds;
}
