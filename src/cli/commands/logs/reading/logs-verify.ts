import type { ErrorCode } from '../../../../errors.js';
import { SealpipeError } from '../../../../errors.js';
import type { ArchiveProof, VerifyArchiveOptions, VerifyArchiveReport } from '../../../../logs/index.js';
import { verifyArchive } from '../../../../logs/index.js';
import { failureOf, gravestOf } from '../../../exit-status.js';
import type { Invocation } from '../../../invocation.js';
import { printText } from '../../../io/output/print-text.js';
import type { ArchiveOpening } from '../../../keys/archive-keys.js';
import { archiveOpening } from '../../../keys/archive-keys.js';
import { CommandError, EXIT } from '../../../terminal/command-error.js';
import { LOGS_TROUBLE } from '../../../terminal/messages/logs.js';
import { printableJson } from '../../../terminal/printable.js';
import { ProgressLine } from '../../../terminal/progress-line.js';
import type { Command } from '../../command.js';
import { archiveFailure, archivesAt } from '../archive-reading.js';
import { checkpointOption } from '../checkpoint-option.js';
import type { ArchivesPlace } from '../with-archives.js';
import { withArchives } from '../with-archives.js';
import { proofText } from './proof-text.js';

/** `sealpipe logs verify`: reports what is proved about archives, and what is not. */
export const logsVerifyCommand: Command = async (line, invocation) => {
  const { options } = line;
  const report = await withArchives(line, invocation, async (place) => {
    const opening = await archiveOpening(options, invocation, place.store);
    return verifyPlace(place, opening, invocation, await checkpointOption(options));
  });
  const asJson = options.has('json');
  await printText(asJson ? `${printableJson(report)}\n` : report.archives.map(proofText).join('\n'), {
    mayVanish: !asJson,
  });
  assertProved(report, options.has('require-closed'));
};

/** Verifies the archives of a place with the available keys; without keys, as far as possible. */
export async function verifyPlace(
  place: ArchivesPlace,
  { openWith, mayOpen }: ArchiveOpening,
  { terminal, signal }: Invocation,
  checkpoint: VerifyArchiveOptions['checkpoint'],
): Promise<VerifyArchiveReport> {
  const archives = await archivesAt(place, signal);
  let bytes = 0;
  const onProgress = (done: { readonly bytesIn: number }) => {
    bytes = done.bytesIn;
  };
  const total = archives.flatMap(({ segments }) => segments).reduce((sum, { size }) => sum + size, 0);
  const progress = new ProgressLine(terminal, () => bytes, total);
  const options = { ...place.where, checkpoint, onProgress };
  try {
    if (!(await mayOpen(archives))) return await verifyArchive({ ...options, signal });
    return await openWith(archives, async (terms, tellKeys) => {
      const report = await verifyArchive({ ...options, ...terms });
      tellKeys(report.archives.flatMap(({ keys }) => keys));
      return report;
    });
  } catch (error) {
    throw archiveFailure(place.name, error);
  } finally {
    progress.end();
  }
}

/** @param wasReported whether the problems were printed @throws CommandError with the status of the problem */
export function assertHolds({ archives }: VerifyArchiveReport, wasReported: boolean): void {
  const statuses = archives.flatMap(({ problems }) => problems.map(({ code }) => statusOf(code)));
  const gravest = gravestOf(statuses);
  if (gravest !== undefined) {
    throw new CommandError(gravest, LOGS_TROUBLE.doesNotHold(statuses.length, wasReported));
  }
  const damaged = archives.find(({ openTail }) => openTail?.damaged === true);
  if (damaged !== undefined) throw new CommandError(EXIT.truncated, tailTrouble(damaged));
}

function assertProved(report: VerifyArchiveReport, requireClosed: boolean): void {
  assertHolds(report, true);
  const { archives, verified, closed } = report;
  // Neither keys nor a checkpoint prove anything of an archive without a segment.
  const isEmpty = archives.every((one) => one.verified || one.segments.length === 0);
  if (!verified) throw new CommandError(EXIT.truncated, LOGS_TROUBLE.notVerified(isEmpty));
  if (requireClosed && !closed) throw new CommandError(EXIT.truncated, LOGS_TROUBLE.notClosed());
}

function tailTrouble({ archive, openTail }: ArchiveProof) {
  const { segment, offset, unread } = openTail!;
  return LOGS_TROUBLE.damagedTail(archive, segment, offset, unread);
}

/** The status of a problem. */
export function statusOf(code: ErrorCode): number {
  return failureOf(new SealpipeError(code, '')).status;
}
