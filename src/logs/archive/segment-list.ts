import { isSystemError } from '../../system-error.js';
import { notOneArchive } from './archive-fault.js';
import type { ArchiveStore } from './archive-store.js';
import type { SegmentName } from './segment-name.js';
import { parseSegmentName } from './segment-name.js';

/** A listing may be made while the writer renames a segment, and then show it twice or not at all. */
const LISTINGS = 3;

/** The segments of an archive by their names, in the order of their indexes. Two may have one index. */
export async function segmentsOf(store: ArchiveStore, archive: string): Promise<SegmentName[]> {
  const names = await store.list(archive);
  const segments = names.flatMap((name) => parseSegmentName(name) ?? []);
  return segments.sort((a, b) => a.index - b.index || (a.name < b.name ? -1 : 1));
}

/** The same, listed again if the names do not rise by one: what is still so then is no rename. */
export async function steadySegmentsOf(store: ArchiveStore, archive: string): Promise<SegmentName[]> {
  for (let listing = 1; ; listing++) {
    const segments = await segmentsOf(store, archive);
    const isEven = segments.every(({ index }, i) => i === 0 || index === segments[i - 1]!.index + 1);
    if (isEven || listing === LISTINGS) return segments;
  }
}

/** Opens a segment that was listed: by another name, if its writer has renamed it since. */
export async function openListed<T>(
  store: ArchiveStore,
  archive: string,
  name: SegmentName,
  open: (name: SegmentName) => Promise<T>,
): Promise<T> {
  try {
    return await open(name);
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'ENOENT') throw error;
    const renamed = (await segmentsOf(store, archive)).find(({ index }) => index === name.index);
    if (renamed === undefined || renamed.name === name.name) throw error;
    return open(renamed);
  }
}

/** @throws SealpipeError `ERR_SEALPIPE_ARCHIVE` for two segments of one index */
export function assertNoFork(segments: readonly SegmentName[]): void {
  for (const [i, { index, name }] of segments.entries()) {
    const other = segments[i + 1];
    if (other?.index === index) throw notOneArchive(`${name} and ${other.name} are one segment`);
  }
}

/** The error for segments that are missing between these two indexes. */
export function gapBetween(before: number, after: number): Error {
  const missing = after - before - 1;
  const which = missing === 1 ? `segment ${before + 1} is` : `segments ${before + 1} to ${after - 1} are`;
  return notOneArchive(
    `${which} missing`,
    before === -1
      ? 'If they were removed on purpose, give the checkpoint of the last one that was removed'
      : undefined,
  );
}
