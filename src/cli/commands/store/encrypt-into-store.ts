import { isSealpipeError } from '../../../errors.js';
import type { StreamHeader } from '../../../index.js';
import type { CommandLine } from '../../arguments/command-line.js';
import { objectManner } from '../../arguments/store/object-attributes.js';
import { objectNamed } from '../../arguments/store/object-names.js';
import { okStatuses } from '../../arguments/values/statuses.js';
import { failureOf } from '../../exit-status.js';
import type { Invocation } from '../../invocation.js';
import type { Input } from '../../io/input/input.js';
import { runJob } from '../../io/jobs/run-job.js';
import { Program } from '../../io/program/program.js';
import { journalFolder } from '../../io/store/journal-folder.js';
import { ObjectSealing } from '../../io/store/object-sealing.js';
import type { ObjectStore } from '../../io/store/object-store.js';
import { openPlaintext } from '../../io/store/plaintext.js';
import { objectFailure } from '../../io/store/store-failure.js';
import { KeyGuard } from '../../keys/key-guard.js';
import type { SealKeys } from '../../keys/keys-to-seal.js';
import { keysToSeal, namedKeys } from '../../keys/keys-to-seal.js';
import { misuse } from '../../terminal/command-error.js';
import { FILE_TROUBLE } from '../../terminal/messages/files/files.js';
import { RUN_NOTES } from '../../terminal/messages/runs.js';
import { STORE_NOTES, STORE_USAGE } from '../../terminal/messages/store.js';
import { recipientName } from '../../terminal/recipient-names.js';
import { formatSize } from '../../terminal/units.js';
import type { Command } from '../command.js';
import { sealSettings } from '../seal-settings.js';
import { recordManner } from '../signal-options.js';
import { reportEnd } from '../summary.js';
import { unfinished } from '../unfinished.js';
import { withStore } from './with-store.js';

/** How long removing the parts of an aborted upload may take. */
const CLEAN_UP = 10_000;
/** Longer ones may not fit into the parts of S3, unless their length is known from the beginning. */
const NEEDS_PLAN = 2 ** 40;

/** `sealpipe encrypt -o s3://bucket/key`: seals a file, a pipe, an object or the output of a program into an object. */
export const encryptIntoStore: Command = (line, invocation) =>
  withStore(line, invocation, (store) => encryptInto(line, invocation, store!));

async function encryptInto(line: CommandLine, invocation: Invocation, store: ObjectStore): Promise<void> {
  const { options, operands, program: words } = line;
  const { terminal, signal, mayTake } = invocation;
  if (recordManner(line) !== undefined) throw misuse(STORE_USAGE.fixedLayoutOnly());
  const place = objectNamed(options.text('output'))!;
  const manner = objectManner(options);
  const { layout: _, ...settings } = sealSettings(options, manner.bind !== 'none');
  const named = namedKeys(options, invocation.env);
  const guard = await KeyGuard.for(named, invocation);
  const program = words && new Program(words, invocation, okStatuses(line));
  if (operands[0] === place.text) throw misuse(FILE_TROUBLE.sameFile(operands[0], place.text));
  const input = program ? undefined : await openPlaintext(operands[0], store, invocation);
  if (input !== undefined) await guard.assertApartFrom(input);
  if (input?.isTerminal) terminal.note(RUN_NOTES.readingTerminal());
  const output = { name: place.text, isSeenAtOnce: false };
  const sourceName = input?.name ?? program!.name;
  let sealed: SealKeys | undefined;
  let job: ObjectSealing | undefined;
  const onHeader = ({ suite, frameSize, layout, recipients }: StreamHeader): void => {
    if (sealed?.reminder !== undefined) terminal.note(sealed.reminder);
    terminal.detail(RUN_NOTES.shape(suite, formatSize(frameSize), layout));
    terminal.detail(RUN_NOTES.sealedFor(recipients.map(recipientName)));
  };
  try {
    sealed = await keysToSeal(named, invocation);
    const confirm = program?.succeeded ?? (() => input!.assertNotCut());
    const expectedLength = settings.expectedLength ?? lengthOf(input);
    const journal = await journalFolder(invocation);
    const seal = { ...settings, keys: sealed.keys.providers, expectedLength, confirm, signal };
    job = new ObjectSealing(store, { from: input ?? program!, place, manner, seal, onHeader, journal });
    mayTake(CLEAN_UP);
    const total = expectedLength ?? input?.size;
    const milliseconds = await runJob({ job, sourceName, total, output }, terminal);
    const { parts, resumedParts, retries, warnings, etag, versionId } = job.report!;
    if (resumedParts !== undefined) terminal.note(STORE_NOTES.resumed(resumedParts));
    for (const warning of warnings) terminal.note(warning);
    terminal.detail(STORE_NOTES.sent(parts, retries));
    const more = { etag: etag ?? null, versionId: versionId ?? null, parts };
    const asJson = options.has('json');
    await reportEnd({ command: 'encrypt', sourceName, output, job, milliseconds, asJson, more }, terminal);
  } catch (error) {
    program?.stop();
    const told = objectFailure(place.text, 'write', error);
    if (job?.partsMayBeLeft && (signal.aborted || !saysPartsAreLeft(told))) {
      terminal.note(STORE_NOTES.partsMayBeLeft(place.text));
    }
    if (job?.header === undefined || signal.aborted || isOfStore(error)) throw told;
    throw unfinished(told, { output, bytesOut: job.bytesOut, isRecord: false });
  } finally {
    await input?.close();
    await sealed?.keys.close();
  }
}

/** Known for an object; for a file, which may still grow, only used if necessary. */
function lengthOf(input: Input | undefined): number | undefined {
  if (input?.size === undefined) return undefined;
  return input.fileId === undefined || input.size > NEEDS_PLAN ? input.size : undefined;
}

/** Whether the printed hint already says it. */
function saysPartsAreLeft(error: unknown): boolean {
  return failureOf(error).hint?.includes('uploads --abort') === true;
}

/** Whether the state of the object may be unknown: then the library says what is known. */
function isOfStore(error: unknown): boolean {
  return isSealpipeError(error) && ['ERR_SEALPIPE_STORE', 'ERR_SEALPIPE_EXISTS'].includes(error.code);
}
