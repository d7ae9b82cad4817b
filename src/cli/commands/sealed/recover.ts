import { pipeline } from 'node:stream/promises';
import { isSealpipeError } from '../../../errors.js';
import type { RecoverReport } from '../../../index.js';
import { recover } from '../../../index.js';
import type { CommandLine } from '../../arguments/command-line.js';
import { failureOf, isReaderGone } from '../../exit-status.js';
import type { Invocation } from '../../invocation.js';
import { headerToSave } from '../../io/input/journaled-header.js';
import type { SealedFile } from '../../io/input/sealed-file.js';
import { openSealedFile } from '../../io/input/sealed-file.js';
import { attributed } from '../../io/jobs/run-job.js';
import { openOutput } from '../../io/output/open-output.js';
import { printText } from '../../io/output/print-text.js';
import type { ObjectStore } from '../../io/store/object-store.js';
import { openSealedInput } from '../../io/store/sealed-input.js';
import { openingWith } from '../../keys/keys-of-header.js';
import { CommandError, EXIT, misuse } from '../../terminal/command-error.js';
import { RUN_NOTES } from '../../terminal/messages/runs.js';
import { SEALED_TROUBLE, SEALED_USAGE } from '../../terminal/messages/sealed.js';
import { printableJson } from '../../terminal/printable.js';
import { ProgressLine } from '../../terminal/progress-line.js';
import type { Command } from '../command.js';
import { jsonWanted, outputWish } from '../output-options.js';
import { withStore } from '../store/with-store.js';

/** `sealpipe recover`: saves everything that verifies. */
export const recoverCommand: Command = (line, invocation) =>
  withStore(line, invocation, (store) => recoverFrom(line, invocation, store));

async function recoverFrom(
  { options, operands }: CommandLine,
  invocation: Invocation,
  store: ObjectStore | undefined,
): Promise<void> {
  const { terminal, signal } = invocation;
  const [name] = operands as [string];
  if (!options.has('output')) throw misuse(SEALED_USAGE.needsOutput());
  const asJson = jsonWanted(options);
  const zeroFill = options.has('zero-fill');
  const digest = options.text('digest') === undefined ? undefined : 'sha256';
  const headName = options.text('head');
  const { guard, openWith } = await openingWith(options, invocation);
  const file = await openSealedInput({ name }, 'it cannot be read at any position', store, signal);
  let head: SealedFile | undefined;
  try {
    if (headName !== undefined) head = await openSealedFile(headName, 'it cannot be read at any position');
    const output = await openOutput(outputWish(options, file, undefined, guard), invocation);
    let bytesIn = 0;
    const onProgress = (done: { readonly bytesIn: number }) => {
      bytesIn = done.bytesIn;
    };
    const progress = new ProgressLine(terminal, () => bytesIn, file.size);
    let report: RecoverReport;
    try {
      const header = await headerToSave(head ?? file, signal);
      if (zeroFill && header.layout !== 'fixed') throw misuse(SEALED_USAGE.zeroFillOfRecords());
      report = await openWith(header, file, async (terms, { nameOf, isChosenByStream }) => {
        const own = { digest, onProgress, head: head?.source } as const;
        await using recovery = await recover(file.source, { ...terms, ...own }).catch((error) => {
          throw isOtherHead(error) ? misuse(SEALED_USAGE.otherHead(headName!, name)) : error;
        });
        terminal[isChosenByStream ? 'note' : 'detail'](RUN_NOTES.openedWith(nameOf(recovery.recipient)));
        await pipeline(recovery.createReadStream({ zeroFill }), output.stream()).catch((error) => {
          throw attributed(error, name, output.name);
        });
        return recovery.report;
      });
      if (report.frames === 0 && !report.complete) {
        if (asJson) await printText(jsonOf(name, null, report));
        throw nothingSaved(name, report);
      }
      await output.commit();
    } catch (error) {
      await output.discard();
      throw isReaderGone(error) ? error : unopened(file.failure(error));
    } finally {
      progress.end();
    }
    if (asJson) await printText(jsonOf(name, output.name, report));
    if (!report.complete) throw missing(report, output.name);
    if (report.fault !== null) terminal.note(SEALED_TROUBLE.nothingMissing(report.fault.message));
  } finally {
    await head?.close();
    await file.close();
  }
}

/** @param output null if nothing could be saved */
function jsonOf(input: string, output: string | null, report: RecoverReport): string {
  return `${printableJson({ command: 'recover', input, output, ...report })}\n`;
}

function missing({ gaps, plaintextBytes }: RecoverReport, output: string): CommandError {
  const count = gaps.filter(({ frames }) => frames !== 0).length;
  return new CommandError(EXIT.truncated, SEALED_TROUBLE.missing(count, plaintextBytes, output));
}

/** Nothing could be opened: status 3, even if the stream was truncated this early. */
function unopened(error: unknown): unknown {
  const failure = failureOf(error);
  if (!isSealpipeError(error) || failure.status !== EXIT.truncated) return error;
  return new CommandError(EXIT.notAuthentic, failure, error);
}

function nothingSaved(name: string, { fault }: RecoverReport): CommandError {
  const { what } = SEALED_TROUBLE.nothingSaved(name);
  return new CommandError(EXIT.notAuthentic, { what: fault === null ? what : `${what}: ${fault.message}` });
}

function isOtherHead(error: unknown): boolean {
  return error instanceof RangeError && (error as { code?: string }).code === 'ERR_SEALPIPE_OPTIONS';
}
