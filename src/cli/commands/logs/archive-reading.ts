import type { LogReader, LogReadReport } from '../../../logs/index.js';
import type { ListedArchive } from '../../../logs/upkeep/index.js';
import { listArchives } from '../../../logs/upkeep/index.js';
import { isSystemError, reason } from '../../../system-error.js';
import type { NamedArchives } from '../../arguments/values/archive-operand.js';
import { CommandError, EXIT, misuse } from '../../terminal/command-error.js';
import { LOGS_NOTES, LOGS_TROUBLE, LOGS_USAGE } from '../../terminal/messages/logs.js';
import type { Terminal } from '../../terminal/terminal.js';

/** The archives of a place, by their names: one at least. @throws (rejects) CommandError with status 1 or 2 */
export async function archivesAt({ directory, archive }: NamedArchives): Promise<readonly ListedArchive[]> {
  const archives = await listArchives(directory, archive).catch((error) => {
    throw archiveFailure(directory, error);
  });
  if (archives.length === 0) throw new CommandError(EXIT.other, LOGS_TROUBLE.noArchive(directory, archive));
  return archives;
}

/** The only archive of a place. @param command of which only one can be done @throws (rejects) CommandError also, with status 2 */
export async function oneArchiveAt(place: NamedArchives, command: string): Promise<ListedArchive> {
  const [first, second] = await archivesAt(place);
  if (second === undefined) return first!;
  throw misuse(LOGS_USAGE.severalArchives(command, place.directory, first!.archive));
}

/** A failed write says which archive it was. */
export function writingFailure(directory: string, error: unknown): unknown {
  if (!isSystemError(error) || error.code === 'EPIPE') return error;
  return new CommandError(EXIT.other, LOGS_TROUBLE.cannotWrite(directory, reason(error)), error);
}

/** A failed read says which archive it was. */
export function archiveFailure(directory: string, error: unknown): unknown {
  if (!isSystemError(error)) return error;
  if (error.code === 'ENOTDIR') return misuse(LOGS_USAGE.notAFolder(directory));
  // Whoever reads the output has enough.
  if (error.code === 'EPIPE') return error;
  return new CommandError(EXIT.other, LOGS_TROUBLE.cannotRead(directory, reason(error)), error);
}

/** Says what a reading found besides lines. */
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
