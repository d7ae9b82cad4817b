import { join } from 'node:path';
import type { FileSystem } from '../../file-system.js';
import type { SegmentName } from '../archive/segment-name.js';
import type { ArchivePlace } from '../segments/archive-folder.js';
import { archivesIn } from '../segments/archive-folder.js';
import type { StoredSegment } from '../segments/stored-file.js';

/** A finished segment in a folder that is to be uploaded. */
export interface SpooledSegment {
  /** The id of its archive, in hex. */
  readonly archive: string;
  /** The folder of the archive. */
  readonly folder: string;
  /** The name of its file. */
  readonly name: string;
  readonly index: number;
  /** Bytes. */
  readonly size: number;
  /** Known for segments of this writer; for others it is read from their file. */
  readonly facts: Omit<StoredSegment, 'index'> | undefined;
}

/**
 * Segments that earlier writers left, in upload order: closed archives first, then the current one.
 *
 * @param archive the current archive
 * @param open the index of its open segment
 */
export async function leftSegments(
  place: ArchivePlace,
  archive: string,
  open: number,
): Promise<SpooledSegment[]> {
  const found = await archivesIn(place);
  const left: SpooledSegment[] = [];
  const [own, others] = [true, false].map((is) => found.filter(({ name }) => (name === archive) === is));
  for (const { name, folder, segments } of [...others!, ...own!]) {
    for (const segment of segments) {
      if (name === archive && segment.index >= open) continue;
      left.push(await spooled(place.files, name, folder, segment));
    }
  }
  return left;
}

async function spooled(
  files: FileSystem,
  archive: string,
  folder: string,
  { name, index }: SegmentName,
): Promise<SpooledSegment> {
  const { size = 0 } = (await files.facts(join(folder, name))) ?? {};
  return { archive, folder, name, index, size, facts: undefined };
}
