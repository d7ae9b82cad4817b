import { isSystemError, reason } from '../../../system-error.js';
import { isReaderGone } from '../../exit-status.js';
import { CommandError, EXIT } from '../../terminal/command-error.js';
import { FILE_TROUBLE } from '../../terminal/messages/files/files.js';
import { ProgressLine } from '../../terminal/progress-line.js';
import type { Terminal } from '../../terminal/terminal.js';
import type { Job } from './job.js';

/** A job, and the data for its messages. */
export interface JobRun {
  readonly job: Job;
  /** The name of the source in messages. */
  readonly sourceName: string;
  /** The size of the source in bytes, if known. */
  readonly total: number | undefined;
  readonly output: { readonly name: string };
}

const WRITES = new Set(['write', 'writev', 'ftruncate', 'fsync']);

/** Runs the job and shows its progress. @returns its duration in milliseconds */
export async function runJob(
  { job, sourceName, total, output }: JobRun,
  terminal: Terminal,
): Promise<number> {
  const progress = new ProgressLine(terminal, () => job.bytesIn, total);
  try {
    await job.run();
    return progress.elapsed;
  } catch (error) {
    throw attributed(error, sourceName, output.name);
  } finally {
    progress.end();
  }
}

/** Adds the name of the file to a failed read or write. A reader of a pipe that has left is not reported. */
export function attributed(error: unknown, sourceName: string, outputName: string): unknown {
  if (!isSystemError(error) || isReaderGone(error)) return error;
  const words = WRITES.has(error.syscall ?? '')
    ? FILE_TROUBLE.cannotWrite(outputName, reason(error))
    : FILE_TROUBLE.cannotRead(sourceName, reason(error));
  return new CommandError(EXIT.other, words, error);
}
