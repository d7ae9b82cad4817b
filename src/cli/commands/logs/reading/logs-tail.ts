import { whenReadersLeave } from '../../../../files/pipes/pipe-file.js';
import { openReaderAt } from '../../../../logs/upkeep/index.js';
import type { GivenOptions } from '../../../arguments/command-line.js';
import type { Invocation } from '../../../invocation.js';
import { openStandardOutput } from '../../../io/output/standard-output.js';
import { archiveOpening } from '../../../keys/archive-keys.js';
import { misuse } from '../../../terminal/command-error.js';
import { LOGS_NOTES, LOGS_USAGE } from '../../../terminal/messages/logs.js';
import type { Terminal } from '../../../terminal/terminal.js';
import type { Command } from '../../command.js';
import { archiveFailure, archivesAt, assertSoundEnd, storeWords, tellReading } from '../archive-reading.js';
import { checkpointOption } from '../checkpoint-option.js';
import type { ArchivesPlace } from '../with-archives.js';
import { withArchives } from '../with-archives.js';
import { FailedArchives } from './failed-archives.js';
import { lineBytes, printPieces } from './line-bytes.js';

const LINES = 10;
const STANDARD_OUTPUT = 1;

/** `sealpipe logs tail`: prints the last lines of archives, and follows them. */
export const logsTailCommand: Command = (line, invocation) => {
  const last = lineCount(line.options.text('lines'));
  return withArchives(line, invocation, (place) => tail(line.options, last, place, invocation));
};

async function tail(
  options: GivenOptions,
  last: number,
  place: ArchivesPlace,
  invocation: Invocation,
): Promise<void> {
  const { terminal, signal } = invocation;
  const follow = options.has('follow');
  const { guard, openWith } = await archiveOpening(options, invocation, place.store);
  const checkpoint = await checkpointOption(options);
  const archives = await archivesAt(place, signal, true);
  const output = await openStandardOutput({ path: undefined, force: false, assertFree: guard.assertFree });
  try {
    await openWith(archives, async (terms, tellKeys) => {
      const options = { ...terms, ...place.where, last, follow, checkpoint };
      const onOutage = (failure: Error | undefined) => tellOutage(failure, place, terminal);
      const failed = new FailedArchives(place, terminal);
      await using reader = await openReaderAt(options, { onOutage, onArchiveFailure: failed.add });
      const sink = output.stream();
      // While it waits for lines, it would not notice that the reader of its output has left.
      const stopLooking = whenReadersLeave(STANDARD_OUTPUT, () => sink.destroy(brokenPipe()));
      sink.once('close', () => void reader.close().catch(() => undefined));
      try {
        await printPieces(lineBytes(reader.batches(), undefined), sink, { atOnce: true, signal });
      } finally {
        stopLooking();
        tellKeys(reader.report.archives.flatMap(({ keys }) => keys));
      }
      failed.assertNone(reader.report, false);
      await output.commit();
      tellReading(reader.report, terminal);
      assertSoundEnd(reader);
    });
  } catch (error) {
    throw archiveFailure(place.name, error);
  }
}

/** @param failure undefined when the outage is over */
function tellOutage(failure: Error | undefined, { name }: ArchivesPlace, terminal: Terminal): void {
  if (failure === undefined) terminal.note(LOGS_NOTES.readableAgain(name));
  else terminal.note(LOGS_NOTES.notReadable(name, storeWords(failure)));
}

/** The error of the next write to a pipe without a reader. */
function brokenPipe(): Error {
  return Object.assign(new Error('EPIPE: broken pipe, write'), { code: 'EPIPE', syscall: 'write' });
}

function lineCount(text: string | undefined): number {
  if (text === undefined) return LINES;
  if (!/^[0-9]{1,9}$/.test(text)) throw misuse(LOGS_USAGE.badCount(text));
  return Number(text);
}
