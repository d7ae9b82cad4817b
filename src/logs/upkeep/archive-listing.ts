import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FolderStore } from '../archive/archive-store.js';
import { steadySegmentsOf } from '../archive/segment-list.js';

/** A file of an archive, as its name has it: nobody has vouched for that. */
export interface ListedSegment {
  readonly segment: number;
  readonly name: string;
  readonly path: string;
  /** Bytes of the file. */
  readonly size: number;
  /** Being written, or torn. */
  readonly open: boolean;
  /** Its earliest time, in milliseconds since 1970; null if it says none. */
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
  readonly gaps: readonly { readonly from: number; readonly to: number }[];
}

/**
 * Lists the archives in a folder. Needs no key, and reads no file.
 *
 * @param archive the id of one of them. Default: all
 * @returns none if the folder has none, or not that one
 * @throws (rejects) the error of the system
 */
export async function listArchives(directory: string, archive?: string): Promise<readonly ListedArchive[]> {
  const store = new FolderStore(directory);
  const there = await store.archives();
  const ids = archive === undefined ? there : there.filter((id) => id === archive);
  const archives: ListedArchive[] = [];
  for (const id of ids) {
    const segments: ListedSegment[] = [];
    for (const { name, index, open, range } of await steadySegmentsOf(store, id)) {
      const path = join(directory, id, name);
      const facts = await stat(path).catch(() => undefined);
      // It was renamed, or pruned, since the folder was read.
      if (facts === undefined) continue;
      const { first = null, last = null } = range ?? {};
      segments.push({ segment: index, name, path, size: facts.size, open, first, last });
    }
    archives.push({ archive: id, segments, gaps: gapsOf(segments) });
  }
  return archives;
}

function gapsOf(segments: readonly ListedSegment[]): ListedArchive['gaps'] {
  return segments.flatMap(({ segment }, i) => {
    const from = i === 0 ? 0 : segments[i - 1]!.segment + 1;
    return from < segment ? [{ from, to: segment - 1 }] : [];
  });
}
