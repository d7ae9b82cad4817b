import { isSealpipeError } from '../../../../errors.js';
import type { RecoveredSegment } from '../../../../logs/upkeep/index.js';
import { recoverArchive } from '../../../../logs/upkeep/index.js';
import { isSystemError } from '../../../../system-error.js';
import type { GivenOptions } from '../../../arguments/command-line.js';
import { failureOf, gravestOf } from '../../../exit-status.js';
import type { Invocation } from '../../../invocation.js';
import { printText } from '../../../io/output/print-text.js';
import { archiveOpening } from '../../../keys/archive-keys.js';
import type { Failure } from '../../../terminal/command-error.js';
import { CommandError, EXIT, misuse } from '../../../terminal/command-error.js';
import { FILE_TROUBLE } from '../../../terminal/messages/files/files.js';
import { LOGS_NOTES, LOGS_TROUBLE, LOGS_USAGE } from '../../../terminal/messages/logs.js';
import { printableJson } from '../../../terminal/printable.js';
import type { Terminal } from '../../../terminal/terminal.js';
import type { Command } from '../../command.js';
import { archiveFailure, archivesAt, writingFailure } from '../archive-reading.js';
import type { ArchivesPlace } from '../with-archives.js';
import { withArchives } from '../with-archives.js';

/** `sealpipe logs recover`: saves all lines that verify. */
export const logsRecoverCommand: Command = (line, invocation) => {
  const output = line.options.text('output');
  if (output === undefined) throw misuse(LOGS_USAGE.needsOption('recover', '-o DIR', 'ARCHIVE -o DIR'));
  return withArchives(line, invocation, (place) => recover(line.options, output, place, invocation));
};

async function recover(
  options: GivenOptions,
  output: string,
  place: ArchivesPlace,
  invocation: Invocation,
): Promise<void> {
  const { terminal, signal } = invocation;
  const { openWith } = await archiveOpening(options, invocation, place.store);
  const archives = await archivesAt(place, signal);
  const saved = await openWith(archives, (terms) =>
    recoverArchive({ ...terms, ...place.where, output }).catch((error) => {
      if (isSealpipeError(error) && error.code === 'ERR_SEALPIPE_EXISTS') {
        const { what } = FILE_TROUBLE.exists(output);
        throw misuse({ what, hint: 'Name a folder that does not exist yet.' });
      }
      throw isSystemError(error) ? writingFailure(output, error) : archiveFailure(place.name, error);
    }),
  );
  if (options.has('json')) await printText(`${printableJson({ output, segments: saved.map(jsonOf) })}\n`);
  const lines = saved.reduce((sum, one) => sum + one.lines, 0);
  const failures = tell(saved, terminal);
  terminal.note(LOGS_NOTES.recovered(lines, output));
  const gaps = archives.reduce((sum, one) => sum + one.gaps.length, 0);
  const cut = saved.filter(({ whole }) => !whole).length;
  if (cut + gaps === 0) return;
  if (saved.every(({ file }) => file === null)) {
    const status = gravestOf(failures.map((failure) => failure.status)) ?? EXIT.notAuthentic;
    throw new CommandError(
      status === EXIT.truncated ? EXIT.notAuthentic : status,
      LOGS_TROUBLE.nothingSaved(),
    );
  }
  throw new CommandError(EXIT.truncated, LOGS_TROUBLE.partlySaved(cut, saved.length, gaps));
}

/** @returns the errors of segments */
function tell(saved: readonly RecoveredSegment[], terminal: Terminal): Failure[] {
  const failures: Failure[] = [];
  for (const { name, offset, lines, whole, error } of saved) {
    if (error === null) {
      if (!whole) terminal.note(LOGS_NOTES.endsEarly(name, offset, lines));
      continue;
    }
    const failure = failureOf(error);
    failures.push(failure);
    terminal.note(LOGS_NOTES.savedUpTo(name, lines, failure.what));
  }
  return failures;
}

function jsonOf({ error, ...rest }: RecoveredSegment): object {
  const { code = null } = (error ?? {}) as { readonly code?: string };
  return { ...rest, error: error === null ? null : { code, message: error.message } };
}
