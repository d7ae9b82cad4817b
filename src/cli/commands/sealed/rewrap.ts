import { throwIfAborted } from '../../../abort.js';
import type { RewrapReport } from '../../../index.js';
import { rewrap } from '../../../index.js';
import { isSystemError, reason } from '../../../system-error.js';
import { codeOf, failureOf, gravestOf } from '../../exit-status.js';
import type { NamedFile } from '../../io/input/named-files.js';
import { areSeveral, namedFiles } from '../../io/input/named-files.js';
import { mayBeSealed } from '../../io/input/sealed-file.js';
import { printText } from '../../io/output/print-text.js';
import { KeyGuard } from '../../keys/key-guard.js';
import { KeySet } from '../../keys/key-set.js';
import { existingEmbeddedKms } from '../../keys/local/embedded-kms.js';
import { CommandError, EXIT, misuse } from '../../terminal/command-error.js';
import { FILE_TROUBLE } from '../../terminal/messages/files/files.js';
import { allFilesHint } from '../../terminal/messages/files/input-hints.js';
import { REWRAP_NOTES, REWRAP_TROUBLE, REWRAP_USAGE } from '../../terminal/messages/rewrap.js';
import { printableJson } from '../../terminal/printable.js';
import { recipientName } from '../../terminal/recipient-names.js';
import type { Terminal } from '../../terminal/terminal.js';
import type { Command } from '../command.js';
import { withName } from '../several.js';
import { rewrapOptions, rewrapWish } from './rewrap-wish.js';

/** A file that was not re-wrapped, and why. */
interface NotRewrapped {
  readonly path: string;
  readonly error: { readonly code: string | null; readonly message: string };
}

/** `sealpipe rewrap`: changes the keys of sealed files, one after the other. */
export const rewrapCommand: Command = async ({ options, operands }, invocation) => {
  const wish = rewrapWish(options, invocation);
  const { terminal, signal } = invocation;
  await KeyGuard.for([...wish.trust.keys, ...wish.to, ...wish.add], invocation);
  for (const name of operands)
    if (name === '-' || /^s3:/.test(name)) throw misuse(REWRAP_USAGE.notAFile(name));
  const keys = new KeySet(async () => existingEmbeddedKms(invocation.env));
  const rows: (RewrapReport | NotRewrapped)[] = [];
  let notSealed = 0;
  const failures: { readonly error: unknown; readonly status: number }[] = [];
  try {
    const shared = await rewrapOptions(wish, keys);
    const failed = (name: string, caught: unknown): void => {
      const error = named(name, caught);
      const failure = failureOf(error);
      const { status, what, hint } = failure;
      rows.push({ path: name, error: { code: codeOf(error), message: what } });
      failures.push({ error, status });
      if (!areSeveral(operands) || signal.aborted) return;
      terminal.fail({ what: withName(name, failure), hint }, error);
    };
    const visit = async ({ name, isFound, error }: NamedFile): Promise<void> => {
      if (error !== undefined) throw error;
      if (isFound && !(await mayBeSealed(name))) {
        notSealed += 1;
        return;
      }
      const report = await rewrap(name, { ...shared, signal });
      rows.push(report);
      tell(name, report, terminal);
    };
    for (const operand of operands) {
      if (signal.aborted) break;
      try {
        for await (const file of namedFiles(operand)) {
          await visit(file).catch((error) => failed(file.name, error));
          if (signal.aborted) break;
        }
      } catch (error) {
        failed(operand, error);
      }
    }
  } finally {
    await keys.close();
  }
  await summarize(rows, notSealed, options.has('json'), terminal);
  // Files may be left even if nothing has failed.
  throwIfAborted(signal);
  if (failures.length === 0) return;
  if (!areSeveral(operands)) throw failures.at(-1)!.error;
  const status = gravestOf(failures.map((failure) => failure.status)) ?? EXIT.other;
  throw new CommandError(status, REWRAP_TROUBLE.notAllRewrapped(failures.length, rows.length));
};

function tell(name: string, report: RewrapReport, terminal: Terminal): void {
  const nameOf = (one: { readonly provider: string; readonly key: string }) =>
    recipientName({ ...one, wrapped: new Uint8Array(0) });
  for (const one of report.absent) terminal.note(REWRAP_NOTES.noSuchRecipient(name, nameOf(one)));
  if (report.dryRun) {
    const calls = report.calls.map(({ operation, provider }) => `${operation} by ${provider}`);
    terminal.note(REWRAP_NOTES.wouldRewrap(name, calls));
    return;
  }
  if (report.finished) terminal.note(REWRAP_NOTES.finishedFirst(name));
  if (report.way === 'unchanged' || report.way === null) terminal.note(REWRAP_NOTES.nothingToDo(name));
  else terminal.note(REWRAP_NOTES.rewrapped(name, report.way, report.recipients.map(nameOf)));
}

async function summarize(
  rows: readonly (RewrapReport | NotRewrapped)[],
  notSealed: number,
  asJson: boolean,
  terminal: Terminal,
): Promise<void> {
  const reports = rows.filter((row): row is RewrapReport => !('error' in row));
  const done = reports.filter(({ way }) => way === 'in place' || way === 'by copy').length;
  const left = reports.filter(({ way }) => way === 'unchanged').length;
  if (done + left > 1) terminal.note(REWRAP_NOTES.allRewrapped(done, left));
  if (notSealed > 0) terminal.note(REWRAP_NOTES.notSealed(notSealed));
  if (reports.some(({ dryRun, removed }) => !dryRun && removed.length > 0))
    terminal.note(REWRAP_NOTES.notRevoked());
  if (!asJson) return;
  const failed = rows.length - reports.length;
  await printText(`${printableJson({ rewrapped: done, unchanged: left, failed, notSealed, files: rows })}\n`);
}

/** Errors of the system do not name the file. */
function named(name: string, error: unknown): unknown {
  if (!isSystemError(error)) return error;
  if (error.code === 'EISDIR') {
    return new CommandError(EXIT.other, FILE_TROUBLE.isDirectory(name, allFilesHint(name)), error);
  }
  return new CommandError(EXIT.other, REWRAP_TROUBLE.cannotRewrap(name, reason(error)), error);
}
