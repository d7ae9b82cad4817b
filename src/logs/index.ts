/**
 * Log archives: lines are sealed as they arrive, in chained segments, so that no acknowledged line is lost and no
 * removal goes unnoticed. *LOGS n* and *FORMAT n* are sections of `src/logs/LOGS.md` and `src/format/FORMAT.md` in the
 * package. Times are milliseconds since 1970.
 *
 * @module sealpipe/logs
 */
export type { S3ClientLike } from '../s3/client-like.js';
export type { ObjectLock } from '../s3/upload/requests/object-attributes.js';
export type { Checkpoint } from './archive/checkpoint.js';
export type { TornEnd } from './archive/reading/segment-units.js';
export { verifyArchive } from './proof/verify-archive.js';
export type { VerifyArchiveOptions } from './proof/verify-options.js';
export type {
  ArchiveProblem,
  ArchiveProof,
  CheckpointVerdict,
  NamedTimes,
  OpenTail,
  SegmentFork,
  SegmentGap,
  SegmentReport,
  VerifyArchiveReport,
} from './proof/verify-report.js';
export type { LogBatch, LogLine } from './reader/log-batch.js';
export type { LogReader, LogReadReport } from './reader/log-reader.js';
export { openLogReader } from './reader/log-reader.js';
export type { ArchiveOptions, LogReaderOptions } from './reader/log-reader-options.js';
export type { ArchiveReport, TornSegment } from './reader/reading-tally.js';
export type { SegmentKey } from './reader/segment-key.js';
export type { ArchiveSourceOptions } from './store/archive-source.js';
export type { LogStoreOptions } from './store/store-options.js';
export type { LogPosition } from './writer/lines/log-position.js';
export type { LogStream } from './writer/lines/log-stream.js';
export type { LogMessage } from './writer/log-diagnostics.js';
export type { LogEnd, LogEvents, LogPositions, LogWriter, UnstoredSegment } from './writer/log-writer.js';
export { openLogWriter } from './writer/open-log-writer.js';
export type { CompressOptions } from './writer/options/compression-option.js';
export type { FlushOptions, LogWriterOptions, RotateOptions } from './writer/options/log-options.js';
