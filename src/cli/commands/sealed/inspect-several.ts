import type { StreamHeader } from '../../../index.js';
import type { CommandLine } from '../../arguments/command-line.js';
import type { Invocation } from '../../invocation.js';
import { openOutput } from '../../io/output/open-output.js';
import { writeText } from '../../io/output/write-text.js';
import type { NamedInput } from '../../io/store/named-inputs.js';
import type { ObjectStore } from '../../io/store/object-store.js';
import { openSealedInput } from '../../io/store/sealed-input.js';
import { objectFailure } from '../../io/store/store-failure.js';
import { KeyGuard } from '../../keys/key-guard.js';
import { allFilesHint } from '../../terminal/messages/files/input-hints.js';
import { printable, printableJson } from '../../terminal/printable.js';
import { recipientName } from '../../terminal/recipient-names.js';
import { formatBytes, formatSize } from '../../terminal/units.js';
import type { Command } from '../command.js';
import { outputWish } from '../output-options.js';
import { eachFile } from '../several.js';
import { withStore } from '../store/with-store.js';
import { table } from '../table.js';
import { inspectionJson, isoDate, plaintextSize, WARNING } from './inspection.js';

const COLUMNS = ['NAME', 'SUITE', 'FRAMES', 'CREATED', 'SEALED', 'PLAINTEXT (A CLAIM)', 'RECIPIENTS'];

/** `sealpipe inspect` of several files or objects: a row for each. */
export const inspectSeveral: Command = (line, invocation) =>
  withStore(line, invocation, (store) => inspectAll(line, invocation, store));

async function inspectAll(
  { options, operands }: CommandLine,
  invocation: Invocation,
  store: ObjectStore | undefined,
): Promise<void> {
  const wish = outputWish(options, undefined, undefined, await KeyGuard.for([], invocation));
  const output = await openOutput({ ...wish, isText: true }, invocation);
  const asJson = options.has('json');
  const lines: string[] = [];
  const rows: string[][] = [];
  let failure: unknown;
  try {
    await eachFile(operands, invocation, store, async (input) => {
      const { name } = input;
      const { header, size } = await claimsOf(input, store, invocation.signal);
      if (asJson) lines.push(jsonLine(name, inspectionJson(header, size)));
      else rows.push(rowOf(name, header, size));
    });
  } catch (error) {
    failure = error;
  }
  try {
    if (invocation.signal.aborted) throw failure;
    await writeText(asJson ? lines.join('') : `${WARNING}\n\n${table(COLUMNS, rows)}`, output);
  } catch (error) {
    await output.discard();
    throw error;
  }
  if (failure !== undefined) throw failure;
}

/** The header of a file or an object; for an object below a prefix, it is already known. */
async function claimsOf(
  input: NamedInput,
  store: ObjectStore | undefined,
  signal: AbortSignal,
): Promise<{ readonly header: StreamHeader; readonly size: number }> {
  const { name, listed } = input;
  if (listed?.header !== undefined) return { header: listed.header, size: listed.size };
  if (listed?.error !== undefined) throw objectFailure(name, 'read', listed.error);
  const file = await openSealedInput(input, 'its size is unknown', store, signal, allFilesHint(name));
  try {
    return { header: await file.header(signal), size: file.size };
  } catch (error) {
    throw file.failure(error);
  } finally {
    await file.close();
  }
}

function jsonLine(name: string, inspection: string): string {
  const text = inspection.trimEnd().replace(/\n */g, ' ');
  return `{ "name": ${printableJson(name)},${text.slice(1)}\n`;
}

function rowOf(name: string, header: StreamHeader, size: number): string[] {
  const { suite, frameSize, layout, created, recipients } = header;
  const claim = plaintextSize(header, size);
  return [
    printable(name),
    suite,
    `${formatSize(frameSize)} ${layout}`,
    isoDate(created) ?? '-',
    formatBytes(size),
    claim === undefined ? (layout === 'fixed' ? 'none: cut' : 'unknown') : formatBytes(claim),
    printable(recipients.map(recipientName).join(', ')),
  ];
}
