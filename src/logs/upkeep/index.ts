/** Operations of the command on archives that are not exported from the package. */
export { openReaderAt } from '../reader/log-reader.js';
export { appendedTo } from './appended-lines.js';
export type { ListedArchive, ListedSegment } from './archive-listing.js';
export { listArchives } from './archive-listing.js';
export { closeArchive } from './close-archive.js';
export { pruneArchive } from './prune-archive.js';
export type { RecoveredSegment } from './recover-archive.js';
export { recoverArchive } from './recover-archive.js';
export type { RewrapArchiveReport } from './rewrap-archive.js';
export { rewrapArchive } from './rewrap-archive.js';
export { unlockArchive } from './unlock-archive.js';
