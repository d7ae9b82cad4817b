import type { StreamHeader } from '../../index.js';
import { isReaderGone } from '../exit-status.js';
import { printText } from '../io/output/print-text.js';
import { RUN_NOTES } from '../terminal/messages/runs.js';
import { printableJson } from '../terminal/printable.js';
import type { Terminal } from '../terminal/terminal.js';
import { formatBytes, formatDuration, formatSize } from '../terminal/units.js';

/** The data of the final report. */
export interface Summary {
  readonly command: 'encrypt' | 'decrypt';
  readonly sourceName: string;
  readonly output: { readonly name: string };
  readonly job: {
    readonly header: StreamHeader | undefined;
    readonly bytesIn: number;
    readonly bytesOut: number;
  };
  readonly milliseconds: number;
  readonly asJson: boolean;
  /** The recipient that opened the stream. */
  readonly openedBy?: string | undefined;
  /** Further members of the JSON report. */
  readonly more?: object | undefined;
}

/** Reports the result: in JSON on standard output with --json, and on standard error with --verbose. */
export async function reportEnd(summary: Summary, terminal: Terminal): Promise<void> {
  const { command, sourceName, output, job, milliseconds, asJson, openedBy, more } = summary;
  const { header, bytesIn, bytesOut } = job;
  const rate = `${formatSize(Math.round((bytesIn / Math.max(milliseconds, 1)) * 1_000))}/s`;
  const time = milliseconds < 1_000 ? `${Math.round(milliseconds)} ms` : formatDuration(milliseconds);
  terminal.detail(RUN_NOTES.finished(formatBytes(bytesIn), formatBytes(bytesOut), time, rate));
  if (!asJson) return;
  const report = {
    command,
    input: sourceName,
    output: output.name,
    bytesIn,
    bytesOut,
    milliseconds: Math.round(milliseconds),
    suite: header?.suite,
    frameSize: header?.frameSize,
    layout: header?.layout,
    recipients: header?.recipients.map(({ provider, key }) => ({ provider, key })),
    ...(openedBy === undefined ? {} : { openedBy }),
    ...more,
  };
  await printText(`${printableJson(report)}\n`).catch((error) => {
    // The work is done and the file exists, so a reader that has left does not matter.
    if (!isReaderGone(error)) throw error;
  });
}
