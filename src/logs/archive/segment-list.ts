import { SealpipeError } from '../../errors.js';
import { isSystemError } from '../../system-error.js';
import { notOneArchive } from './archive-fault.js';
import type { ArchiveStore } from './archive-store.js';
import type { SegmentName } from './segment-name.js';
import { READ_THE_STORE } from './stored-index.js';

/** A listing during a rename by the writer may show a segment twice or not at all. */
const LISTINGS = 3;

/**
 * The segments of an archive by name, in the order of their indexes. Two may have the same index.
 *
 * @param after an index; segments up to it may be left out
 */
export async function segmentsOf(
  store: ArchiveStore,
  archive: string,
  after?: number,
): Promise<SegmentName[]> {
  return segmentsAmong(store, await store.list(archive, after));
}

/** The same, listed again if the indexes are not consecutive: if they still are not, the cause is not a rename. */
export async function steadySegmentsOf(
  store: ArchiveStore,
  archive: string,
  after?: number,
): Promise<SegmentName[]> {
  for (let listing = 1; ; listing++) {
    const segments = await segmentsOf(store, archive, after);
    if (isEven(segments) || listing === LISTINGS) return segments;
  }
}

/** The same, with the size of each. */
export async function steadySizesOf(
  store: ArchiveStore,
  archive: string,
): Promise<{ readonly segments: readonly SegmentName[]; readonly sizes: ReadonlyMap<string, number> }> {
  for (let listing = 1; ; listing++) {
    const sizes = await store.sizes(archive);
    const segments = segmentsAmong(store, sizes.keys());
    if (isEven(segments) || listing === LISTINGS) return { segments, sizes };
  }
}

/** A file that is listed twice counts once. */
function segmentsAmong(store: ArchiveStore, names: Iterable<string>): SegmentName[] {
  const segments = [...new Set(names)].flatMap((name) => store.segmentOf(name) ?? []);
  return segments.sort((a, b) => a.index - b.index || (a.name < b.name ? -1 : 1));
}

function isEven(segments: readonly SegmentName[]): boolean {
  return segments.every(({ index }, i) => i === 0 || index === segments[i - 1]!.index + 1);
}

/**
 * Opens a segment that was listed: by its new name, if its writer has renamed it since.
 *
 * @throws (rejects) SealpipeError if it was removed since: `ERR_SEALPIPE_CHANGED` in a folder, where a writer removes what
 * it has stored; `ERR_SEALPIPE_ARCHIVE` in a bucket, where that leaves a gap; what `open` fails with
 */
export async function openListed<T>(
  store: ArchiveStore,
  archive: string,
  name: SegmentName,
  open: (name: SegmentName) => Promise<T>,
): Promise<T> {
  try {
    return await open(name);
  } catch (error) {
    if (!store.isGone(error)) throw error;
    const there = await segmentsOf(store, archive, name.index - 1);
    const renamed = there.find(({ index }) => index === name.index);
    if (renamed === undefined) throw isSystemError(error) ? removed(name.name, error) : missing(name);
    if (renamed.name === name.name) throw error;
    return open(renamed);
  }
}

function removed(name: string, cause: unknown): SealpipeError {
  return new SealpipeError('ERR_SEALPIPE_CHANGED', `${name} was removed after the log archive was listed`, {
    cause,
    hint: 'Try again: a segment that should be there is then a gap',
    retryable: true,
  });
}

function missing({ name, index }: SegmentName): SealpipeError {
  return notOneArchive(`segment ${index} is missing: ${name} was removed after the log archive was listed`);
}

/** What to do about two segments of one index. */
const TWO_OF_ONE =
  'Two writers went on with one archive, as after a snapshot was restored: save what both hold with "sealpipe logs recover", and move one of them away';

/** @throws SealpipeError `ERR_SEALPIPE_ARCHIVE` if two segments have the same index */
export function assertNoFork(segments: readonly SegmentName[]): void {
  for (const [i, { index, name, isFork }] of segments.entries()) {
    const other = segments[i + 1];
    if (other?.index === index) throw notOneArchive(`${name} and ${other.name} are one segment`, TWO_OF_ONE);
    if (isFork) throw forked(name);
  }
}

/** The error for an object that a writer put beside the segment of its index. */
export function forked(name: string): SealpipeError {
  return notOneArchive(`${name} was written beside another segment of its index`, TWO_OF_ONE);
}

/**
 * The error for segments that are missing between these two indexes.
 *
 * @param stored the index up to which they are in a store
 */
export function gapBetween(before: number, after: number, stored = -1): Error {
  const missing = after - before - 1;
  const which = missing === 1 ? `segment ${before + 1} is` : `segments ${before + 1} to ${after - 1} are`;
  if (after <= stored + 1) {
    return notOneArchive(
      `${which} not in this folder, but in S3, by its file "stored": read the archive there`,
      READ_THE_STORE,
    );
  }
  return notOneArchive(
    `${which} missing`,
    before === -1
      ? 'If they were removed on purpose, give the checkpoint of the last one that was removed'
      : undefined,
  );
}
