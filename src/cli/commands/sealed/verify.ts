import { SealpipeError } from '../../../errors.js';
import type { StreamFault, VerifyReport } from '../../../index.js';
import { verify } from '../../../index.js';
import { IN_PREAMBLE, streamFaultOf } from '../../../stream-fault.js';
import type { CommandLine } from '../../arguments/command-line.js';
import { percentage } from '../../arguments/values/byte-range.js';
import { codeOf, failureOf } from '../../exit-status.js';
import type { Invocation } from '../../invocation.js';
import { printText } from '../../io/output/print-text.js';
import type { NamedInput } from '../../io/store/named-inputs.js';
import type { ObjectStore } from '../../io/store/object-store.js';
import { openSealedInput } from '../../io/store/sealed-input.js';
import { openingWith } from '../../keys/keys-of-header.js';
import { misuse } from '../../terminal/command-error.js';
import { allFilesHint } from '../../terminal/messages/files/input-hints.js';
import { RUN_NOTES } from '../../terminal/messages/runs.js';
import { SEALED_TROUBLE, SEALED_USAGE } from '../../terminal/messages/sealed.js';
import { printable, printableJson } from '../../terminal/printable.js';
import { ProgressLine } from '../../terminal/progress-line.js';
import { formatBytes } from '../../terminal/units.js';
import type { Command } from '../command.js';
import { eachFile } from '../several.js';
import { withStore } from '../store/with-store.js';
import { verifyInput } from './verify-input.js';

/** `sealpipe verify`: opens everything and writes nothing. */
export const verifyCommand: Command = (line, invocation) =>
  withStore(line, invocation, (store) => verifyAll(line, invocation, store));

async function verifyAll(
  { options, operands }: CommandLine,
  invocation: Invocation,
  store: ObjectStore | undefined,
): Promise<void> {
  const { terminal, signal } = invocation;
  const { guard, openWith } = await openingWith(options, invocation);
  const asJson = options.has('json');
  const digest = options.text('digest') === undefined ? undefined : 'sha256';
  const sampleText = options.text('sample');
  const sample = sampleText === undefined ? undefined : percentage(sampleText);
  if (sample !== undefined && digest !== undefined)
    throw misuse(SEALED_USAGE.notTogether('--sample', '--digest'));
  if (operands.filter((name) => name === '-').length > 1) throw misuse(SEALED_USAGE.inputTwice());
  const told = new Set<string>();
  let outputFailure: unknown;
  const print = async (text: string): Promise<void> => {
    try {
      await printText(text, { mayVanish: !asJson });
    } catch (error) {
      outputFailure = error;
      throw error;
    }
  };
  const check = async (input: NamedInput): Promise<VerifyReport> => {
    const { name } = input;
    if (name === '-') {
      if (sample !== undefined) throw misuse(SEALED_USAGE.notTogether('--sample', 'standard input'));
      return verifyInput({ guard, openWith }, digest, signal);
    }
    const why = 'it cannot be read at any position';
    const file = await openSealedInput(input, why, store, signal, allFilesHint(name));
    let bytesIn = 0;
    const progress = new ProgressLine(terminal, () => bytesIn, file.size);
    const onProgress = (done: { readonly bytesIn: number }) => {
      bytesIn = done.bytesIn;
    };
    try {
      const header = await file.header(signal).catch((error) => streamFaultOf(error, IN_PREAMBLE));
      if ('code' in header) return unopened(file.size, header, sample ?? null);
      return await openWith(header, file, async (terms, { nameOf, isChosenByStream }) => {
        const report = await verify(file.source, { ...terms, digest, sample, onProgress });
        const voucher = header.recipients.find(
          ({ provider, key }) => provider === report.recipient?.provider && key === report.recipient.key,
        );
        const note = voucher && SEALED_TROUBLE.at(name, RUN_NOTES.openedWith(nameOf(voucher)));
        if (note !== undefined) terminal[isChosenByStream ? 'note' : 'detail'](note);
        return report;
      });
    } catch (error) {
      throw file.failure(error);
    } finally {
      progress.end();
      await file.close();
    }
  };
  await eachFile(
    operands,
    invocation,
    store,
    async (input) => {
      const { name } = input;
      const report = await check(input);
      told.add(name);
      await print(asJson ? jsonLine({ name, ...report }) : `${textLine(name, report)}\n`);
      if (report.fault !== null) throw errorOf(report.fault);
    },
    {
      tell: async (name, error) => {
        if (!asJson || told.has(name)) return;
        const { what } = failureOf(error);
        await print(jsonLine({ name, error: { code: codeOf(error), message: what } }));
      },
      isOfOutput: (error) => error === outputFailure,
    },
  );
}

/** The result for a file with a malformed preamble. */
function unopened(sealedBytes: number, fault: StreamFault, sample: number | null): VerifyReport {
  const nothing = { frames: 0, plaintextBytes: 0, digest: null, gaps: [], recipient: null };
  return { complete: false, ...nothing, sealedBytes, sample, fault };
}

function jsonLine(value: object): string {
  return `${printableJson(value).replace(/\n */g, ' ')}\n`;
}

function textLine(
  name: string,
  { complete, frames, plaintextBytes, digest, fault, sample }: VerifyReport,
): string {
  const amount = `${formatBytes(plaintextBytes)} in ${frames} ${frames === 1 ? 'frame' : 'frames'}`;
  const parts = [complete ? 'whole' : fault === null ? `a sample of ${sample}% is good` : 'FAULT', amount];
  if (fault?.frame !== null && fault !== null)
    parts.push(`fault in frame ${fault.frame} at byte ${fault.offset}`);
  if (digest !== null) parts.push(`sha256 ${digest}`);
  return `${printable(name)}: ${parts.join(', ')}`;
}

/** Turns the fault back into an error, for its message and its status. */
function errorOf({ code, message, cutShort }: NonNullable<VerifyReport['fault']>): SealpipeError {
  return new SealpipeError(
    code,
    message,
    cutShort && code === 'ERR_SEALPIPE_AUTHENTICATION' ? { atEnd: true } : {},
  );
}
