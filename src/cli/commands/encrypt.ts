import type { StreamHeader } from '../../index.js';
import type { CommandLine } from '../arguments/command-line.js';
import { objectNamed } from '../arguments/store/object-names.js';
import { okStatuses } from '../arguments/values/statuses.js';
import type { Invocation } from '../invocation.js';
import type { Job } from '../io/jobs/job.js';
import { sealing } from '../io/jobs/job.js';
import { runJob } from '../io/jobs/run-job.js';
import { openOutput } from '../io/output/open-output.js';
import { Program } from '../io/program/program.js';
import type { ObjectStore } from '../io/store/object-store.js';
import { openPlaintext } from '../io/store/plaintext.js';
import { KeyGuard } from '../keys/key-guard.js';
import type { SealKeys } from '../keys/keys-to-seal.js';
import { keysToSeal, namedKeys } from '../keys/keys-to-seal.js';
import { Interrupted, misuse } from '../terminal/command-error.js';
import { USAGE } from '../terminal/messages/command-line.js';
import { DESCRIPTOR_USAGE } from '../terminal/messages/files/descriptors.js';
import { FILE_NOTES } from '../terminal/messages/files/files.js';
import { RUN_NOTES } from '../terminal/messages/runs.js';
import { recipientName } from '../terminal/recipient-names.js';
import { formatSize } from '../terminal/units.js';
import type { Command } from './command.js';
import { jsonWanted, outputWish } from './output-options.js';
import { sealSettings } from './seal-settings.js';
import { recordManner } from './signal-options.js';
import { encryptIntoStore } from './store/encrypt-into-store.js';
import { withStore } from './store/with-store.js';
import { reportEnd } from './summary.js';
import { unfinished } from './unfinished.js';

/** `sealpipe encrypt`: seals a file, a pipe, or the output of a program. */
export const encryptCommand: Command = (line, invocation) =>
  objectNamed(line.options.text('output')) === undefined
    ? withStore(line, invocation, (store) => encryptIntoFile(line, invocation, store))
    : encryptIntoStore(line, invocation);

async function encryptIntoFile(
  line: CommandLine,
  invocation: Invocation,
  store: ObjectStore | undefined,
): Promise<void> {
  const { options, operands, program: words } = line;
  const { terminal, signal, heedSignal } = invocation;
  const settings = sealSettings(options);
  const manner = recordManner(line);
  const named = namedKeys(options, invocation.env);
  const asJson = jsonWanted(options);
  const okay = okStatuses(line);
  const guard = await KeyGuard.for(named, invocation);
  const program = words && new Program(words, invocation, okay);
  const input = program ? undefined : await openPlaintext(operands[0], store, invocation);
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
    // In the record layout, the output of the program is sealed before its failure is reported.
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
    await reportEnd({ command: 'encrypt', sourceName, output, job, milliseconds, asJson }, terminal);
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
}
