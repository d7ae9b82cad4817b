import { isSystemError, reason } from '../../../system-error.js';
import { isReaderGone } from '../../exit-status.js';
import { CommandError, EXIT } from '../../terminal/command-error.js';
import { FILE_TROUBLE } from '../../terminal/messages/files/files.js';
import { ProgressLine } from '../../terminal/progress-line.js';
import type { Terminal } from '../../terminal/terminal.js';
import type { Job } from './job.js';

/** A job, and what is said of it. */
export interface JobRun {
  readonly job: Job;
  /** What messages call the source. */
  readonly sourceName: string;
  /** Bytes that the source will give, where that is known. */
  readonly total: number | undefined;
  readonly output: { readonly name: string };
}

const WRITES = new Set(['write', 'writev', 'ftruncate', 'fsync']);

/** Sends everything through the job, and shows how far it is. @returns milliseconds that it took */
export async function runJob(
  { job, sourceName, total, output }: JobRun,
  terminal: Terminal,
): Promise<number> {
  const progress = new ProgressLine(terminal, () => job.bytesIn, total);
  try {
    await job.run();
    return progress.elapsed;
  } catch (error) {
    throw isSystemError(error) ? attributed(error, sourceName, output.name) : error;
  } finally {
    progress.end();
  }
}

/** A failed read or write says which file it was. Of a reader of a pipe that has enough, nothing is said. */
function attributed(error: NodeJS.ErrnoException, sourceName: string, outputName: string): unknown {
  if (isReaderGone(error)) return error;
  const words = WRITES.has(error.syscall ?? '')
    ? FILE_TROUBLE.cannotWrite(outputName, reason(error))
    : FILE_TROUBLE.cannotRead(sourceName, reason(error));
  return new CommandError(EXIT.other, words, error);
}
