import type { Message } from '../command-error.js';
import { shellQuoted } from '../printable.js';
import { formatBytes } from '../units.js';

const lines = (count: number): string => `${count} ${count === 1 ? 'line' : 'lines'}`;

/** Hints for commands that work only on folders. */
const INSTEAD = {
  write: 'Name a folder: lines are sealed and durable there first. --store sends what has ended to S3.',
  close: 'Close it in the folder that its writer was given.',
  unlock: 'A bucket has no lock: unlock the folder that the writer was given.',
  rewrap:
    'Objects are not changed. Re-wrap the folder of the writer, and give "logs write" the new key for later segments.',
} as const;

const NO_SEGMENT =
  'The first one is there once a writer has started and has its key: look at what it said. Of a writer with --store, read the s3://BUCKET/PREFIX that it was given.';
const SAYS_WHAT = '"sealpipe logs verify" says what is wrong.';

/** Wrong use of the `logs` commands. */
export const LOGS_USAGE = {
  badTime: (option: string, value: string): Message => ({
    what: `invalid value ${value} for --${option}`,
    hint: 'Write a date (2026-11-28), a time (2026-11-28T09:30:00Z; UTC unless it says otherwise), or how long ago: 30m, 2h, 7d.',
  }),
  badCompression: (value: string): Message => ({
    what: `invalid value ${value} for --compress`,
    hint: 'Write zstd, gzip or none; zstd and gzip take a level: zstd:3, gzip:6.',
  }),
  outOfRange: (option: string, least: string, most: string): Message => ({
    what: `--${option} must be from ${least} to ${most}`,
  }),
  badStore: (value: string): Message => ({
    what: `invalid value ${value} for --store`,
    hint: 'Write s3://BUCKET/PREFIX. It may hold several archives.',
  }),
  needsStore: (option: string): Message => ({
    what: `--${option} needs --store s3://BUCKET/PREFIX`,
    hint: `Without a store the archive stays in its folder. Leave --${option} out.`,
  }),
  badCount: (value: string): Message => ({
    what: `invalid value ${value} for --lines`,
    hint: 'Write a number of lines, such as -n 100.',
  }),
  notAFolder: (name: string): Message => ({
    what: `a log archive is a folder, and ${name} is not one`,
    hint: 'Name the folder that "sealpipe logs write" was given.',
  }),
  notInStore: (command: keyof typeof INSTEAD, name: string): Message => ({
    what: `logs ${command} works on the folder of a log archive, and ${name} is in S3`,
    hint: INSTEAD[command],
  }),
  noCheckpoint: (name: string): Message => ({
    what: `${name} is not a checkpoint of a log archive`,
    hint: 'Give what "sealpipe logs checkpoint" printed: one line of JSON.',
  }),
  longCheckpoint: (name: string, most: number): Message => ({
    what: `${name} is not a checkpoint of a log archive: it has more than ${formatBytes(most)}`,
    hint: 'Give what "sealpipe logs checkpoint" printed: one line of JSON.',
  }),
  needsOption: (command: string, option: string, usage: string): Message => ({
    what: `logs ${command} needs ${option}`,
    hint: `Write sealpipe logs ${command} ${usage}.`,
  }),
  severalArchives: (command: string, directory: string, first: string): Message => ({
    what: `${directory} has several archives, and logs ${command} works on one`,
    hint: `Name one, such as ${shellQuoted(`${directory.replace(/\/+$/, '')}/${first}`)}: "sealpipe logs list" shows them.`,
  }),
  timesApart: (): Message => ({
    what: '--since is not before --until: no time lies between them',
    hint: 'Lines of --since are in, those of --until are not.',
  }),
} as const;

/** Failures of log archives. */
export const LOGS_TROUBLE = {
  cannotWrite: (directory: string, why: string): Message => ({
    what: `cannot write the archive in ${directory}: ${why}`,
  }),
  noArchive: (name: string, archive: string | undefined, isStored: boolean): Message => ({
    what: `there is no log archive${archive === undefined ? '' : ` ${archive}`} in ${name}`,
    hint: isStored
      ? 'Name the s3://BUCKET/PREFIX that the writer was given. A segment appears there once it has ended and was uploaded.'
      : 'Name the folder that "sealpipe logs write" was given.',
  }),
  noSegment: (archives: readonly string[]): Message => ({
    what: `there is nothing to read: ${archives.length === 1 ? 'archive' : 'archives'} ${archives.join(', ')} ${archives.length === 1 ? 'has' : 'have'} no segment here`,
    hint: NO_SEGMENT,
  }),
  cannotRead: (directory: string, why: string): Message => ({
    what: `cannot read the archive in ${directory}: ${why}`,
  }),
  damagedTail: (archive: string, segment: number, offset: number, unread: number): Message => ({
    what: `archive ${archive}: ${formatBytes(unread)} at the end of segment ${segment} do not verify`,
    hint: `All lines before them were printed. The segment is intact up to byte ${offset} after its header: a power cut leaves such an end, or somebody changed it.`,
  }),
  notVerified: (isEmpty: boolean): Message => ({
    what: 'not verified: nothing is wrong, but nothing proves that this is what was written',
    hint: isEmpty
      ? NO_SEGMENT
      : 'Give the keys (-k), or a checkpoint that was kept elsewhere (--checkpoint).',
  }),
  notClosed: (): Message => ({
    what: 'not closed: the archive may continue, and its end may be missing',
    hint: 'If nobody writes to it any more: sealpipe logs close.',
  }),
  doesNotHold: (problems: number, wasReported: boolean): Message => ({
    what: `the archive does not hold: ${problems} ${problems === 1 ? 'problem' : 'problems'}`,
    hint: wasReported ? undefined : SAYS_WHAT,
  }),
  problem: (words: string): Message => ({ what: `the archive does not hold: ${words}` }),
  nothingToClose: (directory: string): Message => ({
    what: `there is no open archive in ${directory}: nothing was closed`,
  }),
  notAllRemoved: (
    why: string,
    removed: number,
    checkpoint: string | undefined,
    hint: string | undefined,
  ): Message => ({
    what: `${removed} ${removed === 1 ? 'segment was' : 'segments were'} removed, and then: ${why}`,
    hint: [
      hint,
      checkpoint === undefined
        ? 'The archive is unchanged.'
        : `Run it again. Until then this checkpoint stands for the removed segments: ${checkpoint}`,
    ]
      .filter((words) => words !== undefined)
      .join(' '),
  }),
  ofArchive: (archive: string, what: string): string => `archive ${archive}: ${what}`,
  notAllRead: (failed: number, all: number, name: string, toFile: boolean): Message => ({
    what: `${failed} of ${all} archives could not be read to the end`,
    hint: toFile
      ? `No file was written. ${name}/ARCHIVE-ID names one archive.`
      : 'All lines of the others were printed.',
  }),
  notAllRewrapped: (failed: number, all: number): Message => ({
    what: `${failed} of ${all} segments were not re-wrapped`,
    hint: 'Run it again: segments that are done are skipped.',
  }),
  partlySaved: (cut: number, all: number, gaps: number): Message => ({
    what: `something is missing: ${cut} of ${all} segments have no end${gaps > 0 ? `, and some are missing` : ''}`,
    hint: 'What was saved is authentic, segment by segment. --json says how far each of them goes.',
  }),
  nothingSaved: (): Message => ({ what: 'nothing could be saved' }),
  noHead: (archive: string): Message => ({
    what: `no checkpoint of archive ${archive}: it does not hold, or its keys are not available`,
    hint: SAYS_WHAT,
  }),
} as const;

/** Notes of the `logs` commands. */
export const LOGS_NOTES = {
  writing: (archive: string): string => `writing archive ${archive}`,
  sealed: (count: number, archive: string): string => `${lines(count)} sealed, in archive ${archive}`,
  safe: (count: number, directory: string): string =>
    `before that, ${lines(count)} became durable in ${directory}`,
  dropped: (count: number): string =>
    `${lines(count)} ${count === 1 ? 'was' : 'were'} dropped, because the writer was full: the archive says so`,
  waiting: (directory: string, why: string): string =>
    `nothing can be written in ${directory} at the moment (${why}): lines wait, and writing is retried`,
  resumed: (directory: string): string => `${directory} can be written again`,
  givenUp: (segment: number, why: string): string =>
    `segment ${segment} was abandoned (${why}): lines in it that were not safe go into the next one`,
  noKeyYet: (why: string): string =>
    `the key call for the next segment failed (${why}): the open segment continues, and the call is repeated`,
  keyAgain: (segment: number): string => `the key call succeeded, and segment ${segment} has begun`,
  begun: (archive: string, directory: string): string =>
    `${directory} has no archive to continue: archive ${archive} begins`,
  notStored: (segment: number, why: string): string =>
    `segment ${segment} cannot be stored (${why}): it stays in the folder, and storing is retried`,
  forked: (why: string): string => `an archive is not stored any further: ${why}`,
  storedAgain: (segment: number): string => `segment ${segment} was stored: the store can be reached again`,
  leftToStore: (count: number, bytes: number, directory: string): string =>
    `${count} ${count === 1 ? 'segment' : 'segments'} (${formatBytes(bytes)}) ${count === 1 ? 'is' : 'are'} only in ${directory}: the next start stores ${count === 1 ? 'it' : 'them'}`,
  notReadable: (name: string, why: string): string =>
    `${name} cannot be read at the moment (${why}): reading is retried`,
  readableAgain: (name: string): string => `${name} can be read again`,
  droppedThere: (archive: string, count: number): string =>
    `archive ${archive}: its writer had to drop ${lines(count)}`,
  lost: (archive: string, segments: readonly number[]): string =>
    `archive ${archive}: lines that had been acknowledged were lost from ${segments.length === 1 ? 'segment' : 'segments'} ${segments.join(', ')}`,
  openTail: (archive: string, segment: number, unread: number): string =>
    `archive ${archive}: ${formatBytes(unread)} at the end of segment ${segment} are not a whole frame yet`,
  closed: (archive: string): string => `archive ${archive} is closed: the next writer begins another one`,
  unlocked: (directory: string): string => `the lock of ${directory} was broken`,
  notLocked: (directory: string): string => `${directory} is not locked`,
  wouldRemove: (name: string): string => `would remove ${name}`,
  pruned: (archive: string, count: number, dryRun: boolean): string =>
    count === 0
      ? `archive ${archive}: nothing is old enough`
      : `archive ${archive}: ${count} ${count === 1 ? 'segment' : 'segments'} ${dryRun ? 'would be removed' : 'removed'}`,
  versionsStay: (): string =>
    'the bucket keeps versions: what was removed is hidden, and is stored and paid for until a lifecycle rule removes it',
  wouldRewrap: (count: number): string =>
    `${count} ${count === 1 ? 'segment' : 'segments'} would be checked: nothing was changed`,
  leftAlone: (name: string): string =>
    `${name} was skipped, because a writer is using it: run this again after the next segment has begun`,
  leftFolder: (name: string): string =>
    `${name} was skipped, because it is no longer in the folder: if a writer uploaded it, its object in S3 keeps its keys`,
  recovered: (count: number, directory: string): string =>
    `${lines(count)} saved in ${directory}, in the clear`,
  endsEarly: (name: string, offset: number, count: number): string =>
    `${name}: ${lines(count)}; it ends without its last frame, ${offset} bytes after its header`,
  savedUpTo: (name: string, count: number, why: string): string =>
    `${name}: ${lines(count)}, up to a fault: ${why}`,
  chosen: (archive: string, way: string, read: number, widened: number): string =>
    `archive ${archive}: ${read} segments read, chosen by ${way}${widened > 0 ? `, ${widened} more than expected` : ''}`,
} as const;
