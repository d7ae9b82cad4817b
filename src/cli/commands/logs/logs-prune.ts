import { pruneArchive } from '../../../logs/upkeep/index.js';
import { archivePlace } from '../../arguments/values/archive-operand.js';
import { timeOption } from '../../arguments/values/times.js';
import { openOutput } from '../../io/output/open-output.js';
import { writeText } from '../../io/output/write-text.js';
import { archiveOpening } from '../../keys/archive-keys.js';
import { misuse } from '../../terminal/command-error.js';
import { LOGS_NOTES, LOGS_USAGE } from '../../terminal/messages/logs.js';
import type { Command } from '../command.js';
import { outputWish } from '../output-options.js';
import { oneArchiveAt, writingFailure } from './archive-reading.js';

/** `sealpipe logs prune`: removes old segments, once the checkpoint that stands for them has been written. */
export const logsPruneCommand: Command = async ({ options, operands }, invocation) => {
  const { terminal } = invocation;
  const place = archivePlace(operands[0]!);
  const before = timeOption(options, 'before');
  if (before === undefined) {
    throw misuse(LOGS_USAGE.needsOption('prune', '--before TIME', 'ARCHIVE --before 90d -o CHECKPOINT'));
  }
  const dryRun = options.has('dry-run');
  const { guard, openWith } = await archiveOpening(options, invocation);
  const one = await oneArchiveAt(place, 'prune');
  const { archive } = one;
  const output = await openOutput(
    { ...outputWish(options, undefined, undefined, guard), isText: true },
    invocation,
  );
  try {
    await openWith([one], async (terms) => {
      const { removed, checkpoint } = await pruneArchive({
        ...terms,
        directory: place.directory,
        archive,
        before,
        dryRun,
        singleWriter: options.has('single-writer'),
        keep: (kept) => writeText(`${JSON.stringify(kept)}\n`, output),
      });
      if (dryRun) for (const name of removed) terminal.announce(LOGS_NOTES.wouldRemove(name));
      if (checkpoint === null || dryRun) await output.discard();
      terminal.note(LOGS_NOTES.pruned(archive, removed.length, dryRun));
    });
  } catch (error) {
    await output.discard();
    throw writingFailure(place.directory, error);
  }
};
