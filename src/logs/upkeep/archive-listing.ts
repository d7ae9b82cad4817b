import { throwIfAborted } from '../../abort.js';
import type { OptionNames } from '../../options.js';
import { assertSignal, readOptions } from '../../options.js';
import { Turns } from '../../sources/turns.js';
import type { ArchiveStore } from '../archive/archive-store.js';
import { steadySizesOf } from '../archive/segment-list.js';
import type { ArchiveSource, ArchiveSourceOptions } from '../store/archive-source.js';
import { archiveSource, SOURCE_OPTIONS } from '../store/archive-source.js';

/** Options of {@link listArchives}. */
export interface ListArchivesOptions extends ArchiveSourceOptions {
  /** The id of one archive. Default: all. */
  readonly archive?: string | undefined;
  /** Aborts the requests to a bucket. */
  readonly signal?: AbortSignal | undefined;
  /** Lists an archive that cannot be listed as one without segments, unless that is true of all. Default: false. */
  readonly emptyIfUnreadable?: boolean | undefined;
}

const NAMES: OptionNames<ListArchivesOptions> = {
  ...SOURCE_OPTIONS,
  archive: true,
  signal: true,
  emptyIfUnreadable: true,
};

/** A bucket returns a thousand names for each request. */
const LISTED_AT_ONCE = 8;

/** A file of an archive. All facts come from its name and are not authentic. */
export interface ListedSegment {
  readonly segment: number;
  readonly name: string;
  /** The path of the file, or `s3://bucket/key`. */
  readonly path: string;
  /** Bytes of the file. */
  readonly size: number;
  /** Whether it is being written, or is torn. */
  readonly open: boolean;
  /** Whether the bucket has another segment with the same index. */
  readonly isFork: boolean;
  /** Its earliest time, in milliseconds since 1970; null if its name has none, like all names in a bucket. */
  readonly first: number | null;
  /** Its latest time. */
  readonly last: number | null;
}

/** An archive, according to the names of its files. */
export interface ListedArchive {
  readonly archive: string;
  /** Ordered by index. */
  readonly segments: readonly ListedSegment[];
  /** Ranges of missing indexes, including those before the first segment. */
  readonly gaps: readonly IndexRun[];
  /** Ranges of indexes that are not in this folder but in S3, according to its file `stored`. Not authentic. */
  readonly inStore: readonly IndexRun[];
}

/** A range of consecutive indexes, the last one included. */
export interface IndexRun {
  readonly from: number;
  readonly to: number;
}

/**
 * Lists the archives in a folder or a bucket. Needs no key, and reads no file.
 *
 * @returns an empty list if there is no archive, or not the requested one
 * @throws (rejects) the error of the system; SealpipeError `ERR_SEALPIPE_STORE`; an AbortError; TypeError
 * `ERR_SEALPIPE_OPTIONS`
 */
export async function listArchives(options: ListArchivesOptions): Promise<readonly ListedArchive[]> {
  const { archive, signal, emptyIfUnreadable, ...place } = readOptions('listArchives()', options, NAMES);
  assertSignal(signal);
  const source = archiveSource(place);
  const stop = signal ?? new AbortController().signal;
  const store = source.open(stop);
  const turns = new Turns(LISTED_AT_ONCE);
  try {
    const there = await store.archives();
    const ids = archive === undefined ? there : there.filter((one) => one === archive);
    const failures: unknown[] = [];
    const list = (id: string) => turns.take(stop, () => listed(store, source, id));
    const orEmpty = (id: string) =>
      list(id).catch((error: unknown): ListedArchive => {
        failures.push(error);
        return { archive: id, segments: [], gaps: [], inStore: [] };
      });
    const all = await Promise.all(ids.map(emptyIfUnreadable ? orEmpty : list));
    throwIfAborted(stop);
    if (failures.length > 0 && failures.length === all.length) throw failures[0];
    return all;
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

/** The missing indexes. @param stored the highest index of the segments in a store */
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
