import { sealedIndex } from '../archive/reading/sealed-index.js';
import type { SegmentName } from '../archive/segment-name.js';
import type { ArchiveReading, ListedSegments } from './archive-reading.js';
import { SegmentLines } from './segment-lines.js';

/** The segments at the end of an archive that hold its last lines. */
export interface LastSegments extends ListedSegments {
  /** Lines in these segments. */
  readonly lines: number;
}

/** Finds the last segments that hold `wanted` lines (or all segments), by their indexes or by reading them. */
export async function lastSegments(reading: ArchiveReading, wanted: number): Promise<LastSegments> {
  const all = await reading.list();
  let lines = 0;
  let from = all.length;
  while (from > 0 && (lines < wanted || from === all.length)) {
    from -= 1;
    lines += await linesOf(reading, all[from]!);
  }
  return { all, segments: all.slice(from), lines };
}

async function linesOf(reading: ArchiveReading, name: SegmentName): Promise<number> {
  const segment = await reading.shelf.take(name);
  const index = await sealedIndex(segment);
  if (index !== undefined) return index.type === 'index' ? index.records : 0;
  let count = 0;
  for await (const batch of new SegmentLines(segment, reading.archive).batches()) count += batch.count;
  return count;
}
