import type { ReaderLimits } from '../../src/format/preamble.js';
import type { VectorKey } from '../vectors/form.js';
import { verdictOf } from '../vectors/replay.js';
import { expectationOf } from '../vectors/verdict-classes.js';
import { runBatch } from './python.js';

/** What the independent reader is given. */
export interface OpenJob {
  readonly stream: Uint8Array;
  readonly keys: readonly VectorKey[];
  readonly context?: Readonly<Record<string, string>> | undefined;
  readonly limits?: Partial<ReaderLimits> | undefined;
  /** Open the first bytes alone, once for each of these lengths. */
  readonly lengths?: readonly number[];
}

interface Answer {
  readonly error: string | null;
  readonly atEnd: boolean;
  readonly bytes: number;
  readonly sha256: string;
}

/** Has it open them all: for each job its outcomes, in the words of `said` and `wanted`. */
export function openThere(jobs: readonly OpenJob[]): string[][] {
  const plain = jobs.map(({ stream, keys, context = null, limits = null, lengths = null }) => ({
    stream: Buffer.from(stream).toString('base64'),
    keys: Object.fromEntries(keys.map(({ name, key }) => [name, Buffer.from(key).toString('hex')])),
    context,
    limits,
    lengths,
  }));
  const answers = runBatch<(typeof plain)[number], Answer[]>('batch_open.py', plain);
  return answers.map((outcomes) =>
    outcomes.map(({ error, atEnd, bytes, sha256 }) => {
      return `${verdictOf(expectationOf(error ?? 'success'), atEnd)}, ${bytes} bytes ${sha256}`;
    }),
  );
}
