import type { EncryptOptions, EngineName, LayoutName, StreamHeader } from '../../index.js';
import type { SuiteName } from '../../suites.js';
import type { GivenOptions } from '../arguments/command-line.js';
import { contextPairs } from '../arguments/context-pairs.js';
import { frameSizeOption, sizeOption } from '../arguments/sizes.js';
import { okStatuses } from '../arguments/statuses.js';
import { openInput } from '../io/input/input.js';
import type { Job } from '../io/jobs/job.js';
import { sealing } from '../io/jobs/job.js';
import { runJob } from '../io/jobs/run-job.js';
import { openOutput } from '../io/output/open-output.js';
import { Program } from '../io/program/program.js';
import { KeyGuard } from '../keys/key-guard.js';
import type { SealKeys } from '../keys/keys-to-seal.js';
import { keysToSeal, namedKeys } from '../keys/keys-to-seal.js';
import { Interrupted, misuse } from '../terminal/command-error.js';
import { USAGE } from '../terminal/messages/command-line.js';
import { DESCRIPTOR_USAGE } from '../terminal/messages/descriptors.js';
import { FILE_NOTES } from '../terminal/messages/files.js';
import { SEALING_HINTS } from '../terminal/messages/input-hints.js';
import { RUN_NOTES } from '../terminal/messages/runs.js';
import { recipientName } from '../terminal/recipient-names.js';
import { formatSize } from '../terminal/units.js';
import type { Command } from './command.js';
import { jsonWanted, outputWish } from './output-options.js';
import { recordManner } from './signal-options.js';
import { reportEnd } from './summary.js';
import { unfinished } from './unfinished.js';

/** `sealpipe encrypt`: seals a file, a pipe, or what a program writes. */
export const encryptCommand: Command = async (line, invocation) => {
  const { options, operands, program: words } = line;
  const { terminal, signal, heedSignal } = invocation;
  const settings = sealSettings(options);
  const manner = recordManner(line);
  const named = namedKeys(options, invocation.env);
  const asJson = jsonWanted(options);
  const okay = okStatuses(line);
  const guard = await KeyGuard.for(named, invocation);
  const program = words && new Program(words, invocation, okay);
  const input = program ? undefined : await openInput(operands[0], SEALING_HINTS);
  if (input !== undefined) await guard.assertApartFrom(input);
  const wish = outputWish(options, input, USAGE.ciphertextToTerminal(), guard);
  const output = await openOutput({ ...wish, grows: manner !== undefined }, invocation);
  if (program !== undefined && output.isMixed) {
    await output.discard();
    throw misuse(DESCRIPTOR_USAGE.programErrors(program.name));
  }
  if (input?.isTerminal) terminal.note(RUN_NOTES.readingTerminal());
  let sealed: SealKeys | undefined;
  let isUnderWay = false;
  const begun = ({ suite, frameSize, layout, recipients }: StreamHeader) => {
    isUnderWay = true;
    if (sealed?.reminder !== undefined) terminal.note(sealed.reminder);
    terminal.detail(RUN_NOTES.shape(suite, formatSize(frameSize), layout));
    terminal.detail(RUN_NOTES.sealedFor(recipients.map(recipientName)));
  };
  let job: Job | undefined;
  try {
    sealed = await keysToSeal(named, invocation);
    // In the record layout what the program wrote is sealed before its failure counts.
    const succeeded = program && (manner ? () => program.succeeded : program.succeeded);
    const confirm = succeeded ?? (() => input!.assertNotCut());
    const sealOptions = { ...settings, keys: sealed.keys.providers, confirm, signal };
    job = await sealing(input ?? program!, output, sealOptions, begun, manner);
    heedSignal(job.heed);
    const total = settings.expectedLength ?? input?.size;
    const sourceName = input?.name ?? program!.name;
    const milliseconds = await runJob({ job, sourceName, total, output }, terminal);
    isUnderWay = false;
    await output.commit();
    await reportEnd({ verb: 'encrypt', sourceName, output, job, milliseconds, asJson }, terminal);
    if (job.interruptedBy !== undefined) throw new Interrupted(job.interruptedBy);
  } catch (error) {
    program?.stop();
    if (error instanceof Interrupted && !manner?.endOnSignal) {
      terminal.note(FILE_NOTES.noLastFrame(error.signal, output.name));
    }
    await output.discard();
    if (!isUnderWay || signal.aborted || error instanceof Interrupted) throw error;
    throw unfinished(error, {
      output,
      bytesOut: job?.bytesOut ?? 0,
      isRecord: settings.layout === 'record',
    });
  } finally {
    await input?.close();
    await sealed?.keys.close();
  }
};

/** What the options say of the stream, checked as far as that goes without a key. */
function sealSettings(options: GivenOptions): Omit<EncryptOptions, 'keys'> {
  const type = options.text('content-type');
  const encoding = options.text('content-encoding');
  const hints = { ...(type !== undefined && { type }), ...(encoding !== undefined && { encoding }) };
  if (options.has('withhold-context') && !options.has('context')) throw misuse(USAGE.nothingToWithhold());
  return {
    suite: options.text('suite') as SuiteName | undefined,
    layout: options.text('layout') as LayoutName | undefined,
    engine: options.text('engine') as EngineName | undefined,
    frameSize: frameSizeOption(options),
    encryptionContext: contextPairs(options.texts('context')),
    withholdContext: options.has('withhold-context'),
    envelopePadding: !options.has('no-envelope-padding'),
    content: Object.keys(hints).length > 0 ? hints : undefined,
    expectedLength: sizeOption(options, 'expected-size'),
  };
}
