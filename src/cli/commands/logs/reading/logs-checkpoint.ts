import { openOutput } from '../../../io/output/open-output.js';
import { writeText } from '../../../io/output/write-text.js';
import { archiveOpening } from '../../../keys/archive-keys.js';
import { CommandError, EXIT } from '../../../terminal/command-error.js';
import { LOGS_TROUBLE } from '../../../terminal/messages/logs.js';
import type { Command } from '../../command.js';
import { outputWish } from '../../output-options.js';
import { oneArchiveAt } from '../archive-reading.js';
import { checkpointOption } from '../checkpoint-option.js';
import { withArchives } from '../with-archives.js';
import { assertHolds, statusOf, verifyPlace } from './logs-verify.js';

/** `sealpipe logs checkpoint`: what an archive is now, once that has been verified. */
export const logsCheckpointCommand: Command = (line, invocation) =>
  withArchives(line, invocation, async (place) => {
    const { options } = line;
    const opening = await archiveOpening(options, invocation, place.store);
    const earlier = await checkpointOption(options);
    const { archive, segments, inStore } = await oneArchiveAt(place, 'checkpoint', invocation.signal);
    if (segments.length + inStore.length === 0)
      throw new CommandError(EXIT.other, LOGS_TROUBLE.noSegment([archive]));
    const output = await openOutput(
      { ...outputWish(options, undefined, undefined, opening.guard), isText: true },
      invocation,
    );
    try {
      const report = await verifyPlace(place, opening, invocation, earlier);
      const [problem, ...more] = report.archives.flatMap(({ problems }) => problems);
      if (problem !== undefined && more.length === 0) {
        throw new CommandError(statusOf(problem.code), LOGS_TROUBLE.problem(problem.message));
      }
      assertHolds(report, false);
      const [proof] = report.archives;
      if (!proof?.head) throw new CommandError(EXIT.truncated, LOGS_TROUBLE.noHead(archive));
      await writeText(`${JSON.stringify(proof.head)}\n`, output);
    } catch (error) {
      await output.discard();
      throw error;
    }
  });
