import type { EngineName, StreamHeader } from '../../index.js';
import { objectNamed } from '../arguments/store/object-names.js';
import { storeSettings } from '../arguments/store/store-settings.js';
import { contextPairs } from '../arguments/values/context-pairs.js';
import { isReaderGone } from '../exit-status.js';
import type { ReadHeader } from '../io/input/header.js';
import { openInput } from '../io/input/input.js';
import { SteadyInput } from '../io/input/steady-input.js';
import type { Job } from '../io/jobs/job.js';
import { opening } from '../io/jobs/job.js';
import { runJob } from '../io/jobs/run-job.js';
import { openOutput } from '../io/output/open-output.js';
import { KeyGuard } from '../keys/key-guard.js';
import type { OpenKeys } from '../keys/keys-to-open.js';
import { keysToOpen, trustOf } from '../keys/keys-to-open.js';
import { misuse } from '../terminal/command-error.js';
import { USAGE } from '../terminal/messages/command-line.js';
import { RUN_NOTES } from '../terminal/messages/runs.js';
import { formatSize } from '../terminal/units.js';
import type { Command } from './command.js';
import { jsonWanted, outputWish } from './output-options.js';
import { decryptRange } from './sealed/decrypt-range.js';
import { decryptFromStore } from './store/decrypt-from-store.js';
import { reportEnd } from './summary.js';

/** `sealpipe decrypt`: opens a stream. */
export const decryptCommand: Command = async (line, invocation) => {
  const { options, operands } = line;
  if (options.has('range')) return decryptRange(line, invocation);
  if (objectNamed(operands[0]) !== undefined) return decryptFromStore(line, invocation);
  storeSettings(line);
  const { terminal, signal } = invocation;
  const encryptionContext = contextPairs(options.texts('context'));
  const trust = trustOf(options, invocation.env);
  const asJson = jsonWanted(options);
  const engine = options.text('engine') as EngineName | undefined;
  const guard = await KeyGuard.for(trust.keys, invocation);
  const input = await openInput(operands[0]);
  await guard.assertApartFrom(input);
  if (input.isTerminal) throw misuse(USAGE.terminalInput('decrypt'));
  const output = await openOutput(outputWish(options, input, undefined, guard), invocation);
  const { name: sourceName, size: total } = input;
  let opened: OpenKeys | undefined;
  let job: Job | undefined;
  const steady = new SteadyInput(operands[0], input, signal);
  const openedWith = () => opened!.nameOf(job!.recipient!);
  const run = async (head: ReadHeader): Promise<number> => {
    const { header } = head;
    if (header.encryptionContext === null && encryptionContext === undefined) {
      throw misuse(USAGE.contextWithheld());
    }
    await opened?.keys.close();
    opened = await keysToOpen(header, trust, invocation);
    const { keys, isChosenByStream } = opened;
    const vouched = ({ suite, frameSize, layout }: StreamHeader) => {
      terminal.detail(RUN_NOTES.shape(suite, formatSize(frameSize), layout));
      terminal[isChosenByStream ? 'note' : 'detail'](RUN_NOTES.openedWith(openedWith()));
    };
    const openOptions = { keys: keys.providers, encryptionContext, engine, signal };
    job = opening(steady.input, head, output, openOptions, vouched);
    return runJob({ job, sourceName, total, output }, terminal);
  };
  try {
    const milliseconds = await steady.withHead(run, () => job?.header !== undefined);
    await output.commit();
    const openedBy = openedWith();
    await reportEnd(
      { command: 'decrypt', sourceName, output, job: job!, milliseconds, asJson, openedBy },
      terminal,
    );
  } catch (error) {
    await output.discard();
    const bytesOut = job?.bytesOut ?? 0;
    const isFailure = !isReaderGone(error) && !signal.aborted;
    if (isFailure && bytesOut > 0 && output.isSeenAtOnce) terminal.note(RUN_NOTES.partialOutput(bytesOut));
    throw error;
  } finally {
    await steady.input.close();
    await opened?.keys.close();
  }
};
