import type { Output } from '../files/output.js';
import { explain, isReaderGone } from '../say/explain.js';
import { Failure } from '../say/failure.js';
import { TROUBLE } from '../say/words.js';

/** What a failed run leaves behind. */
export interface Unfinished {
  readonly output: Pick<Output, 'name' | 'isSeenAtOnce'>;
  /** Of the sealed stream. */
  readonly bytesOut: number;
  readonly signal: AbortSignal;
}

/** The failure of a run that seals, which also says what became of the part that was sealed. */
export function unfinished(error: unknown, { output, bytesOut, signal }: Unfinished): unknown {
  if (bytesOut === 0 || signal.aborted || isReaderGone(error)) return error;
  const { status, words } = explain(error);
  const outcome = (output.isSeenAtOnce ? TROUBLE.noEnd : TROUBLE.noFile)(output.name);
  const advice = words.advice === undefined ? outcome : `${words.advice} ${outcome}`;
  return new Failure(status, { what: words.what, advice }, error);
}
