import { optionsTypeError } from '../../errors.js';
import type { OptionNames } from '../../options.js';
import { readOptions } from '../../options.js';
import { isAbortSignal } from '../../realms.js';
import { Turns } from '../../sources/turns.js';
import type { ArchiveStore } from '../archive/archive-store.js';
import { steadySizesOf } from '../archive/segment-list.js';
import type { ArchiveSource, ArchiveSourceOptions } from '../store/archive-source.js';
import { archiveSource, SOURCE_OPTIONS } from '../store/archive-source.js';

/** Options of {@link listArchives}. */
export interface ListArchivesOptions extends ArchiveSourceOptions {
  /** The id of one archive. Default: all. */
  readonly archive?: string | undefined;
  /** Ends the requests to a bucket. */
  readonly signal?: AbortSignal | undefined;
}

const NAMES: OptionNames<ListArchivesOptions> = { ...SOURCE_OPTIONS, archive: true, signal: true };

/** A bucket lists a thousand names a request. */
const LISTED_AT_ONCE = 8;

/** A file of an archive, as its name has it: nobody has vouched for that. */
export interface ListedSegment {
  readonly segment: number;
  readonly name: string;
  /** Of the file, or `s3://bucket/key`. */
  readonly path: string;
  /** Bytes of the file. */
  readonly size: number;
  /** Being written, or torn. */
  readonly open: boolean;
  /** It lies in a bucket beside another segment of its index. */
  readonly isFork: boolean;
  /** Its earliest time, in milliseconds since 1970; null if its name says none: in a bucket none does. */
  readonly first: number | null;
  /** Its latest time. */
  readonly last: number | null;
}

/** An archive, as the names of its files have it. */
export interface ListedArchive {
  readonly archive: string;
  /** In the order of their indexes. */
  readonly segments: readonly ListedSegment[];
  /** Indexes that are missing, the last one included, also at the front. */
  readonly gaps: readonly IndexRun[];
  /** Indexes that are not in this folder, but in S3, by its file `stored`: a hint, as names are. */
  readonly inStore: readonly IndexRun[];
}

/** Indexes that follow each other, the last one included. */
export interface IndexRun {
  readonly from: number;
  readonly to: number;
}

/**
 * Lists the archives in a folder or a bucket. Needs no key, and reads no file.
 *
 * @returns none if there is none, or not that one
 * @throws (rejects) the error of the system; SealpipeError `ERR_SEALPIPE_STORE`; an AbortError; TypeError
 * `ERR_SEALPIPE_OPTIONS`
 */
export async function listArchives(options: ListArchivesOptions): Promise<readonly ListedArchive[]> {
  const { archive, signal, ...place } = readOptions('listArchives()', options, NAMES);
  if (signal !== undefined && !isAbortSignal(signal))
    throw optionsTypeError('`signal` must be an AbortSignal');
  const source = archiveSource(place);
  const stop = signal ?? new AbortController().signal;
  const store = source.open(stop);
  const turns = new Turns(LISTED_AT_ONCE);
  try {
    const there = await store.archives();
    const ids = archive === undefined ? there : there.filter((one) => one === archive);
    return await Promise.all(ids.map((id) => turns.take(stop, () => listed(store, source, id))));
  } finally {
    store.close();
  }
}

async function listed(store: ArchiveStore, source: ArchiveSource, archive: string): Promise<ListedArchive> {
  const { segments, sizes } = await steadySizesOf(store, archive);
  const found = segments.map(({ name, index, open, range, isFork = false }) => {
    const { first = null, last = null } = range ?? {};
    const path = source.pathOf(archive, name);
    return { segment: index, name, path, size: sizes.get(name)!, open, isFork, first, last };
  });
  const stored = (await store.storedElsewhere(archive)) ?? -1;
  return { archive, segments: found, ...absentOf(found, stored) };
}

/** What is not here. @param stored up to which index segments are in a store */
function absentOf(
  segments: readonly ListedSegment[],
  stored: number,
): Pick<ListedArchive, 'gaps' | 'inStore'> {
  const [gaps, inStore]: [IndexRun[], IndexRun[]] = [[], []];
  let from = 0;
  for (const { segment } of [...segments, { segment: stored + 1 }]) {
    if (from < segment && stored >= from) inStore.push({ from, to: Math.min(stored, segment - 1) });
    const missing = Math.max(from, stored + 1);
    if (missing < segment) gaps.push({ from: missing, to: segment - 1 });
    from = Math.max(from, segment + 1);
  }
  return { gaps, inStore };
}
