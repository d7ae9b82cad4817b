import type { Checkpoint } from '../../../../logs/index.js';
import { pruneArchive } from '../../../../logs/upkeep/index.js';
import { isSystemError, reason } from '../../../../system-error.js';
import type { GivenOptions } from '../../../arguments/command-line.js';
import { timeOption } from '../../../arguments/values/times.js';
import { failureOf } from '../../../exit-status.js';
import type { Invocation } from '../../../invocation.js';
import { openOutput } from '../../../io/output/open-output.js';
import { writeText } from '../../../io/output/write-text.js';
import { archiveOpening } from '../../../keys/archive-keys.js';
import { CommandError, misuse } from '../../../terminal/command-error.js';
import { LOGS_NOTES, LOGS_TROUBLE, LOGS_USAGE } from '../../../terminal/messages/logs.js';
import type { Command } from '../../command.js';
import { outputWish } from '../../output-options.js';
import { oneArchiveAt, storeWords, writingFailure } from '../archive-reading.js';
import type { ArchivesPlace } from '../with-archives.js';
import { withArchives } from '../with-archives.js';

/** `sealpipe logs prune`: removes old segments after writing a checkpoint of the last one. */
export const logsPruneCommand: Command = (line, invocation) => {
  const before = timeOption(line.options, 'before');
  if (before === undefined) {
    throw misuse(LOGS_USAGE.needsOption('prune', '--before TIME', 'ARCHIVE --before 90d -o CHECKPOINT'));
  }
  return withArchives(line, invocation, (place) => prune(line.options, before, place, invocation));
};

async function prune(
  options: GivenOptions,
  before: number,
  place: ArchivesPlace,
  invocation: Invocation,
): Promise<void> {
  const { terminal, signal } = invocation;
  const dryRun = options.has('dry-run');
  const singleWriter = options.has('single-writer');
  const { guard, openWith } = await archiveOpening(options, invocation, place.store);
  const one = await oneArchiveAt(place, 'prune', signal);
  const { archive } = one;
  const output = await openOutput(
    { ...outputWish(options, undefined, undefined, guard), isText: true },
    invocation,
  );
  try {
    await openWith([one], async (terms) => {
      const { removed, checkpoint, failure, keepsVersions } = await pruneArchive({
        ...terms,
        ...place.where,
        archive,
        before,
        dryRun,
        ...(singleWriter && { singleWriter }),
        keep: (kept) => writeText(`${JSON.stringify(kept)}\n`, output),
      });
      if (failure !== null) throw notAllRemoved(failure, removed.length, checkpoint);
      if (dryRun) for (const name of removed) terminal.announce(LOGS_NOTES.wouldRemove(name));
      if (checkpoint === null || dryRun) await output.discard();
      terminal.note(LOGS_NOTES.pruned(archive, removed.length, dryRun));
      if (keepsVersions) terminal.note(LOGS_NOTES.versionsStay());
    });
  } catch (error) {
    await output.discard();
    throw writingFailure(place.name, error);
  }
}

/** If it fails midway, another checkpoint stands for the segments that were removed. */
function notAllRemoved(failure: Error, count: number, checkpoint: Checkpoint | null): unknown {
  if (failure.name === 'AbortError') return failure;
  const { status, hint } = failureOf(failure);
  const why = isSystemError(failure) ? reason(failure) : storeWords(failure);
  const left = checkpoint === null ? undefined : JSON.stringify(checkpoint);
  return new CommandError(status, LOGS_TROUBLE.notAllRemoved(why, count, left, hint), failure);
}
