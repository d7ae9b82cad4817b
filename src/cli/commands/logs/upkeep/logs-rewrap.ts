import type { RewrapArchiveReport } from '../../../../logs/upkeep/index.js';
import { rewrapArchive } from '../../../../logs/upkeep/index.js';
import { archiveFolder, archivePlace } from '../../../arguments/values/archive-operand.js';
import { failureOf, gravestOf } from '../../../exit-status.js';
import { printText } from '../../../io/output/print-text.js';
import { KeyGuard } from '../../../keys/key-guard.js';
import { KeySet } from '../../../keys/key-set.js';
import { existingEmbeddedKms } from '../../../keys/local/embedded-kms.js';
import { CommandError } from '../../../terminal/command-error.js';
import { LOGS_NOTES, LOGS_TROUBLE } from '../../../terminal/messages/logs.js';
import { REWRAP_NOTES } from '../../../terminal/messages/rewrap.js';
import { printableJson } from '../../../terminal/printable.js';
import type { Terminal } from '../../../terminal/terminal.js';
import type { Command } from '../../command.js';
import { rewrapOptions, rewrapWish } from '../../sealed/rewrap-wish.js';
import { archivesAt, writingFailure } from '../archive-reading.js';
import { inFolder } from '../with-archives.js';

/** `sealpipe logs rewrap`: changes the keys of the segments of archives. */
export const logsRewrapCommand: Command = async ({ options, operands }, invocation) => {
  const { terminal, signal } = invocation;
  const { name: directory, archive } = archivePlace(archiveFolder(operands[0]!, 'rewrap'));
  const wish = rewrapWish(options, invocation);
  await KeyGuard.for([...wish.trust.keys, ...wish.to, ...wish.add], invocation);
  await archivesAt(inFolder(directory, archive), signal);
  const keys = new KeySet(async () => existingEmbeddedKms(invocation.env));
  let report: RewrapArchiveReport;
  try {
    const singleWriter = options.has('single-writer');
    const rewrapping = await rewrapOptions(wish, keys);
    report = await rewrapArchive({ directory, archive, ...rewrapping, singleWriter, signal });
  } catch (error) {
    throw writingFailure(directory, error);
  } finally {
    await keys.close();
  }
  if (options.has('json')) await printText(`${printableJson(jsonOf(report))}\n`);
  tell(report, terminal);
  const failures = report.segments.flatMap(({ error }) => (error === undefined ? [] : [failureOf(error)]));
  if (failures.length === 0) return;
  const status = gravestOf(failures.map((failure) => failure.status));
  throw new CommandError(status!, LOGS_TROUBLE.notAllRewrapped(failures.length, report.segments.length));
};

function tell({ segments, skipped, gone }: RewrapArchiveReport, terminal: Terminal): void {
  for (const { name, error } of segments) {
    if (error === undefined) continue;
    const { what, hint } = failureOf(error);
    terminal.fail({ what: `${name}: ${what}`, hint }, error);
  }
  const reports = segments.flatMap(({ report }) => report ?? []);
  const left = reports.filter(({ way }) => way === 'unchanged').length;
  const done = reports.filter(({ way }) => way === 'in place' || way === 'by copy').length;
  const isDry = reports.some(({ dryRun }) => dryRun);
  terminal.note(isDry ? LOGS_NOTES.wouldRewrap(reports.length) : REWRAP_NOTES.allRewrapped(done, left));
  for (const name of skipped) terminal.note(LOGS_NOTES.leftAlone(name));
  for (const name of gone) terminal.note(LOGS_NOTES.leftFolder(name));
  if (!isDry && reports.some(({ removed }) => removed.length > 0)) terminal.note(REWRAP_NOTES.notRevoked());
}

function jsonOf({ segments, skipped, gone }: RewrapArchiveReport): object {
  return {
    segments: segments.map(({ archive, name, report, error }) => ({
      archive,
      name,
      ...(error === undefined ? report : { error: { message: failureOf(error).what } }),
    })),
    skipped: [...skipped, ...gone],
  };
}
