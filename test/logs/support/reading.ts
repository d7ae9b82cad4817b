import { rawKey } from '../../../src/keys/raw.js';
import type { LogReader, LogReadReport } from '../../../src/logs/reader/log-reader.js';
import { openLogReader } from '../../../src/logs/reader/log-reader.js';
import type { LogReaderOptions } from '../../../src/logs/reader/log-reader-options.js';
import { KEY_NAME, WRAPPING_KEY } from '../../vectors/material.js';

/** The key of forged segments. */
export const keys = rawKey({ name: KEY_NAME, key: WRAPPING_KEY });

/** What came of a reading. */
export interface WasRead {
  /** As text, in order. */
  readonly lines: readonly string[];
  /** `undefined` if it ended well. */
  readonly code: unknown;
  readonly message: string;
  readonly report: LogReadReport;
}

/** Reads all that is there. */
export async function readLog(directory: string, options: Partial<LogReaderOptions> = {}): Promise<WasRead> {
  return readOut(await openLogReader({ directory, keys, ...options }));
}

/** Reads to the end, or to the first failure. */
export async function readOut(reader: LogReader): Promise<WasRead> {
  const lines: string[] = [];
  let failure: unknown;
  try {
    for await (const { line } of reader) lines.push(line.toString());
  } catch (error) {
    failure = error;
  }
  await reader.close();
  const { code, message = '' } = (failure ?? {}) as { code?: unknown; message?: string };
  return {
    lines,
    code: failure === undefined ? undefined : (code ?? failure),
    message,
    report: reader.report,
  };
}
