import { isMisuse, isSealpipeError } from '../../../errors.js';
import type { LogReader, LogReadReport } from '../../../logs/index.js';
import type { ListedArchive } from '../../../logs/upkeep/index.js';
import { listArchives } from '../../../logs/upkeep/index.js';
import { isSystemError, reason } from '../../../system-error.js';
import { asClause, failureOf } from '../../exit-status.js';
import { CommandError, EXIT, misuse } from '../../terminal/command-error.js';
import { LOGS_NOTES, LOGS_TROUBLE, LOGS_USAGE } from '../../terminal/messages/logs.js';
import { inFlags } from '../../terminal/messages/store.js';
import type { Terminal } from '../../terminal/terminal.js';
import type { ArchivesPlace } from './with-archives.js';

/**
 * The archives of a place, by name. There is at least one.
 *
 * @param emptyIfUnreadable whether one of several that cannot be listed counts as one without segments
 * @throws (rejects) CommandError with status 1 or 2; an AbortError
 */
export async function archivesAt(
  { name, isStored, archive, where }: ArchivesPlace,
  signal: AbortSignal,
  emptyIfUnreadable = false,
): Promise<readonly ListedArchive[]> {
  const archives = await listArchives({ ...where, signal, emptyIfUnreadable }).catch((error) => {
    throw archiveFailure(name, error);
  });
  if (archives.length > 0) return archives;
  throw new CommandError(EXIT.other, LOGS_TROUBLE.noArchive(name, archive, isStored));
}

/**
 * The only archive of a place. @param command the command that works on one archive only @throws (rejects) CommandError
 * with status 2 if there are several
 */
export async function oneArchiveAt(
  place: ArchivesPlace,
  command: string,
  signal: AbortSignal,
): Promise<ListedArchive> {
  const [first, second] = await archivesAt(place, signal);
  if (second === undefined) return first!;
  throw misuse(LOGS_USAGE.severalArchives(command, place.name, first!.archive));
}

/** Adds the archive to a failed write. */
export function writingFailure(name: string, error: unknown): unknown {
  if (!isSystemError(error)) return storeFailure(name, error);
  if (error.code === 'EPIPE') return error;
  return new CommandError(EXIT.other, LOGS_TROUBLE.cannotWrite(name, reason(error)), error);
}

/** Adds the archive to a failed read. */
export function archiveFailure(name: string, error: unknown): unknown {
  if (!isSystemError(error)) return storeFailure(name, error);
  if (error.code === 'ENOTDIR') return misuse(LOGS_USAGE.notAFolder(name));
  // The reader of the output has left.
  if (error.code === 'EPIPE') return error;
  return new CommandError(EXIT.other, LOGS_TROUBLE.cannotRead(name, reason(error)), error);
}

/** Adds the archive to a failure of a store. Any other error is unchanged. */
function storeFailure(name: string, error: unknown): unknown {
  if (isMisuse(error)) return misuse({ what: asClause(inFlags(error.message)) });
  if (!isSealpipeError(error)) return error;
  if (error.code !== 'ERR_SEALPIPE_STORE' && error.code !== 'ERR_SEALPIPE_CHANGED') return error;
  const { status, hint } = failureOf(error);
  const words = LOGS_TROUBLE.cannotRead(name, storeWords(error));
  return new CommandError(status, { ...words, hint: hint && inFlags(hint) }, error);
}

/** Why a request failed, with the options of the command. */
export function storeWords({ message }: Error): string {
  return asClause(inFlags(message));
}

/** Reports what was found besides lines. */
export function tellReading({ archives }: LogReadReport, terminal: Terminal): void {
  for (const { archive, way, read, widened, dropped, losses, tail } of archives) {
    if (way !== 'all') terminal.detail(LOGS_NOTES.chosen(archive, way, read, widened));
    if (dropped > 0) terminal.note(LOGS_NOTES.droppedThere(archive, dropped));
    if (losses.length > 0) terminal.note(LOGS_NOTES.lost(archive, losses));
    if (tail !== null && tail.unread > 0 && !tail.damaged) {
      terminal.note(LOGS_NOTES.openTail(archive, tail.segment, tail.unread));
    }
  }
}

/** @throws CommandError with status 4 if bytes at the end of an archive do not verify */
export function assertSoundEnd({ report }: LogReader): void {
  for (const { archive, tail } of report.archives) {
    if (tail?.damaged) {
      const { segment, offset, unread } = tail;
      throw new CommandError(EXIT.truncated, LOGS_TROUBLE.damagedTail(archive, segment, offset, unread));
    }
  }
}
