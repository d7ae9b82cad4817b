import type { StreamHeader } from '../../index.js';
import { openSealedFile, readFailure } from '../io/input/sealed-file.js';
import { openOutput } from '../io/output/open-output.js';
import { writeText } from '../io/output/write-text.js';
import { KeyGuard } from '../keys/key-guard.js';
import { printable } from '../terminal/printable.js';
import { recipientName } from '../terminal/recipient-names.js';
import { formatBytes, formatSize } from '../terminal/units.js';
import type { Command } from './command.js';
import { inspectionJson, isoDate, plaintextSize, WARNING } from './inspection.js';
import { outputWish } from './output-options.js';
import { eachFile } from './several.js';

const COLUMNS = ['FILE', 'SUITE', 'FRAMES', 'CREATED', 'SEALED', 'PLAINTEXT (A CLAIM)', 'RECIPIENTS'];

/** `sealpipe inspect` of several files: a row for each. */
export const inspectSeveral: Command = async ({ options, operands }, invocation) => {
  const output = await openOutput(
    outputWish(options, undefined, undefined, await KeyGuard.for([], invocation)),
    invocation,
  );
  const asJson = options.has('json');
  const lines: string[] = [];
  const rows: string[][] = [COLUMNS];
  let failure: unknown;
  try {
    await eachFile(operands, invocation, async (name) => {
      const file = await openSealedFile(name, 'its size is part of the table');
      try {
        const header = await file.header(invocation.signal);
        if (asJson) lines.push(jsonLine(name, inspectionJson(header, file.size)));
        else rows.push(rowOf(name, header, file.size));
      } catch (error) {
        throw readFailure(name, error);
      } finally {
        await file.close();
      }
    });
  } catch (error) {
    failure = error;
  }
  try {
    if (invocation.signal.aborted) throw failure;
    await writeText(asJson ? lines.join('') : table(rows), output);
  } catch (error) {
    await output.discard();
    throw error;
  }
  if (failure !== undefined) throw failure;
};

function jsonLine(name: string, inspection: string): string {
  const text = inspection.trimEnd().replace(/\n */g, ' ');
  return `{ "name": ${JSON.stringify(name)},${text.slice(1)}\n`;
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

function table(rows: readonly string[][]): string {
  const widths = COLUMNS.map((_, at) => Math.max(...rows.map((row) => row[at]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at]! + 2))
      .join('')
      .trimEnd(),
  );
  return `${[WARNING, '', ...lines].join('\n')}\n`;
}
