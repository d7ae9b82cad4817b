import type { LogReadReport } from '../../../../logs/index.js';
import { openReaderAt } from '../../../../logs/upkeep/index.js';
import type { GivenOptions } from '../../../arguments/command-line.js';
import { timeOption } from '../../../arguments/values/times.js';
import type { Invocation } from '../../../invocation.js';
import { isStandardOutput } from '../../../io/descriptors/standard-names.js';
import { openOutput } from '../../../io/output/open-output.js';
import { printText } from '../../../io/output/print-text.js';
import { writeFailure } from '../../../io/output/write-failure.js';
import { archiveOpening } from '../../../keys/archive-keys.js';
import { misuse } from '../../../terminal/command-error.js';
import { LOGS_USAGE } from '../../../terminal/messages/logs.js';
import { printableJson } from '../../../terminal/printable.js';
import { ProgressLine } from '../../../terminal/progress-line.js';
import type { Command } from '../../command.js';
import { jsonWanted, outputWish } from '../../output-options.js';
import { archiveFailure, archivesAt, assertSoundEnd, tellReading } from '../archive-reading.js';
import { checkpointOption } from '../checkpoint-option.js';
import type { ArchivesPlace } from '../with-archives.js';
import { withArchives } from '../with-archives.js';
import { FailedArchives } from './failed-archives.js';
import { lineBytes, printPieces } from './line-bytes.js';

/** `sealpipe logs cat`: prints the lines of archives. */
export const logsCatCommand: Command = (line, invocation) => {
  const wish = catWish(line.options);
  return withArchives(line, invocation, (place) => cat(line.options, wish, place, invocation));
};

/** The range of lines to print. */
interface CatWish {
  readonly since: number | undefined;
  readonly until: number | undefined;
  readonly strict: boolean;
  readonly text: Buffer | undefined;
  readonly asJson: boolean;
}

function catWish(options: GivenOptions): CatWish {
  const since = timeOption(options, 'since');
  const until = timeOption(options, 'until');
  if (since !== undefined && until !== undefined && since >= until) throw misuse(LOGS_USAGE.timesApart());
  const grep = options.text('grep');
  const text = grep === undefined ? undefined : Buffer.from(grep);
  return { since, until, strict: options.has('strict'), text, asJson: jsonWanted(options) };
}

async function cat(
  options: GivenOptions,
  { since, until, strict, text, asJson }: CatWish,
  place: ArchivesPlace,
  invocation: Invocation,
): Promise<void> {
  const { terminal, signal } = invocation;
  const { guard, openWith } = await archiveOpening(options, invocation, place.store);
  const checkpoint = await checkpointOption(options);
  const archives = await archivesAt(place, signal, true);
  const output = await openOutput(outputWish(options, undefined, undefined, guard), invocation);
  let report: LogReadReport | undefined;
  let bytes = 0;
  const progress = new ProgressLine(terminal, () => bytes, undefined);
  try {
    await openWith(archives, async (terms, tellKeys) => {
      const failed = new FailedArchives(place, terminal);
      await using reader = await openReaderAt(
        { ...terms, ...place.where, since, until, strict, checkpoint },
        { onArchiveFailure: failed.add },
      );
      async function* counted() {
        for await (const piece of lineBytes(reader.batches(), text)) {
          bytes += piece.length;
          yield piece;
        }
      }
      try {
        await printPieces(counted(), output.stream(), { atOnce: false, signal });
      } finally {
        report = reader.report;
        tellKeys(report.archives.flatMap(({ keys }) => keys));
      }
      failed.assertNone(report, !isStandardOutput(options.text('output')));
      // The lines so far are correct, so they are kept even if more are missing.
      await output.commit();
      tellReading(report, terminal);
      assertSoundEnd(reader);
    });
  } catch (error) {
    await output.discard();
    throw archiveFailure(place.name, writeFailure(output.name, error));
  } finally {
    progress.end();
  }
  if (asJson) await printText(`${printableJson(report)}\n`);
}
