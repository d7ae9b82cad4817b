import { failureOf, isReaderGone } from '../exit-status.js';
import type { Output } from '../io/output/output.js';
import { CommandError } from '../terminal/command-error.js';
import { FILE_TROUBLE } from '../terminal/messages/files/files.js';

/** What a failed run has left behind. */
export interface Unfinished {
  readonly output: Pick<Output, 'name' | 'isSeenAtOnce' | 'stays'>;
  /** Bytes of the sealed stream. */
  readonly bytesOut: number;
  /** In the record layout, readers can open an unfinished stream. */
  readonly isRecord: boolean;
}

/** Adds to the failure of a run what happened to the part that was sealed. */
export function unfinished(error: unknown, left: Unfinished): unknown {
  if (isReaderGone(error) || (left.output.isSeenAtOnce && left.bytesOut === 0)) return error;
  const { status, what, hint } = failureOf(error);
  const outcome = whatIsLeft(left);
  return new CommandError(status, { what, hint: hint === undefined ? outcome : `${hint} ${outcome}` }, error);
}

function whatIsLeft({ output, isRecord }: Unfinished): string {
  if (!output.isSeenAtOnce) return FILE_TROUBLE.untouched(output.name);
  if (isRecord) return FILE_TROUBLE.noEndOfRecords(output.name);
  // The user must not be told to delete /dev/null.
  return output.stays ? FILE_TROUBLE.noEndThere(output.name) : FILE_TROUBLE.noEnd(output.name);
}
