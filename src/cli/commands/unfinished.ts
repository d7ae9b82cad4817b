import { explain, isReaderGone } from '../exit-status.js';
import type { Output } from '../io/output/output.js';
import { Failure } from '../terminal/command-error.js';
import { TROUBLE } from '../terminal/messages.js';

/** What a run that failed has left behind. */
export interface Unfinished {
  readonly output: Pick<Output, 'name' | 'isSeenAtOnce'>;
  /** Of the sealed stream. */
  readonly bytesOut: number;
  /** The record layout is made for readers that open what has come. */
  readonly isRecord: boolean;
}

/** The failure of a run that had begun to seal, which also says what became of the part that was sealed. */
export function unfinished(error: unknown, { output, bytesOut, isRecord }: Unfinished): unknown {
  if (isReaderGone(error) || (output.isSeenAtOnce && bytesOut === 0)) return error;
  const { status, words } = explain(error);
  const outcome = output.isSeenAtOnce ? TROUBLE.noEnd(output.name, isRecord) : TROUBLE.untouched(output.name);
  const advice = words.advice === undefined ? outcome : `${words.advice} ${outcome}`;
  return new Failure(status, { what: words.what, advice }, error);
}
