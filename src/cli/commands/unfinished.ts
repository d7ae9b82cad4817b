import { failureOf, isReaderGone } from '../exit-status.js';
import type { Output } from '../io/output/output.js';
import { CommandError } from '../terminal/command-error.js';
import { FILE_TROUBLE } from '../terminal/messages/files/files.js';

/** What a run that failed has left behind. */
export interface Unfinished {
  readonly output: Pick<Output, 'name' | 'isSeenAtOnce' | 'stays'>;
  /** Of the sealed stream. */
  readonly bytesOut: number;
  /** The record layout is made for readers that open what has come. */
  readonly isRecord: boolean;
}

/** The failure of a run that had begun to seal, which also says what became of the part that was sealed. */
export function unfinished(error: unknown, left: Unfinished): unknown {
  if (isReaderGone(error) || (left.output.isSeenAtOnce && left.bytesOut === 0)) return error;
  const { status, what, hint } = failureOf(error);
  const outcome = whatIsLeft(left);
  return new CommandError(status, { what, hint: hint === undefined ? outcome : `${hint} ${outcome}` }, error);
}

function whatIsLeft({ output, isRecord }: Unfinished): string {
  if (!output.isSeenAtOnce) return FILE_TROUBLE.untouched(output.name);
  if (isRecord) return FILE_TROUBLE.noEndOfRecords(output.name);
  // Nobody should be told to delete /dev/null.
  return output.stays ? FILE_TROUBLE.noEndThere(output.name) : FILE_TROUBLE.noEnd(output.name);
}
