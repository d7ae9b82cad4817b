import { notOneArchive } from '../archive/archive-fault.js';
import type { ArchiveStore } from '../archive/archive-store.js';
import type { LogReaderSettings } from './log-reader-options.js';

/** The ids of the archives to read. @throws (rejects) the error of the store; SealpipeError `ERR_SEALPIPE_ARCHIVE` */
export async function archivesToRead(
  store: ArchiveStore,
  { archive, checkpoint, source }: Pick<LogReaderSettings, 'archive' | 'checkpoint' | 'source'>,
): Promise<readonly string[]> {
  const there = await store.archives();
  const pinned = archive ?? checkpoint?.archive;
  if (pinned !== undefined && !there.includes(pinned)) {
    throw notOneArchive(`${source.name} has no archive ${pinned}`, 'Is this the right place?');
  }
  return archive === undefined ? there : [archive];
}

/** The error for a place without an archive. */
export function noArchive({ source }: Pick<LogReaderSettings, 'source'>): Error {
  return notOneArchive(`no archive in ${source.name}`, 'Is this the right place?');
}
