import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { FileSystem } from '../../file-system.js';
import { notOneArchive } from '../archive/archive-fault.js';
import type { SegmentName } from '../archive/segment-name.js';
import { archiveName, isArchiveName, isTemporaryName, parseSegmentName } from '../archive/segment-name.js';
import { isUnfinishedSector } from './sector-file.js';
import { syncNames } from './segment-file.js';

/** A folder of archives. Its lock must be held. */
export interface ArchivePlace {
  readonly files: FileSystem;
  readonly directory: string;
}

/** An archive and its segments, in the order of their indexes. */
export interface FoundArchive {
  /** Its id, in hex. */
  readonly name: string;
  readonly folder: string;
  readonly segments: readonly SegmentName[];
}

const ID_SIZE = 16;

/** The archives in a folder, by name. */
export async function archivesIn({ files, directory }: ArchivePlace): Promise<readonly FoundArchive[]> {
  const found: FoundArchive[] = [];
  for (const name of (await files.names(directory)).filter(isArchiveName).sort()) {
    const folder = join(directory, name);
    if ((await files.facts(folder))?.kind !== 'folder') continue;
    const segments = (await files.names(folder)).flatMap((entry) => parseSegmentName(entry) ?? []);
    found.push({ name, folder, segments: segments.sort((a, b) => a.index - b.index) });
  }
  return found;
}

/** The last segment of an archive; undefined if it has none. @throws SealpipeError `ERR_SEALPIPE_ARCHIVE` for a fork */
export function lastOf({ folder, segments }: FoundArchive): SegmentName | undefined {
  const last = segments.at(-1);
  const other = segments.at(-2);
  if (last !== undefined && other?.index === last.index) {
    throw notOneArchive(`${folder} has two segments of one index, ${other.name} and ${last.name}`);
  }
  return last;
}

/** Creates the folder of a new archive. @returns the archive, without segments */
export async function makeArchive({ files, directory }: ArchivePlace): Promise<FoundArchive> {
  const name = archiveName(randomBytes(ID_SIZE));
  const folder = join(directory, name);
  await files.makeFolder(folder);
  await syncNames({ files, folder: directory });
  return { name, folder, segments: [] };
}

/** Removes unfinished files of an earlier writer, which nobody reads. */
export async function removeUnfinished(files: FileSystem, { folder }: FoundArchive): Promise<void> {
  for (const name of await files.names(folder)) {
    if (isTemporaryName(name) || isUnfinishedSector(name)) await files.unlink(join(folder, name));
  }
}
