import type { VectorKey } from '../vectors/form.js';
import { verdictOf } from '../vectors/replay.js';
import { runBatch } from './python.js';

/** What the independent reader is given. */
export interface OpenJob {
  readonly stream: Uint8Array;
  readonly keys: readonly VectorKey[];
  readonly context?: Readonly<Record<string, string>> | undefined;
  /** Open the first bytes alone, once for each of these lengths. */
  readonly lengths?: readonly number[];
}

interface Answer {
  readonly error: string | null;
  readonly atEnd: boolean;
  readonly bytes: number;
  readonly sha256: string;
}

/** Its names of errors, which are those of FORMAT 7, and ours. */
const CODES: Readonly<Record<string, string>> = {
  format: 'ERR_SEALPIPE_FORMAT',
  unsupported: 'ERR_SEALPIPE_UNSUPPORTED',
  limit: 'ERR_SEALPIPE_LIMIT',
  truncated: 'ERR_SEALPIPE_TRUNCATED',
  authentication: 'ERR_SEALPIPE_AUTHENTICATION',
  'trailing data': 'ERR_SEALPIPE_TRAILING_DATA',
  context: 'ERR_SEALPIPE_CONTEXT',
  'key mismatch': 'ERR_SEALPIPE_KEY_MISMATCH',
};

/** Has it open them all: for each job its outcomes, in the words of `said` and `wanted`. */
export function openThere(jobs: readonly OpenJob[]): string[][] {
  const plain = jobs.map(({ stream, keys, context = null, lengths = null }) => ({
    stream: Buffer.from(stream).toString('base64'),
    keys: Object.fromEntries(keys.map(({ name, key }) => [name, Buffer.from(key).toString('hex')])),
    context,
    lengths,
  }));
  const answers = runBatch<(typeof plain)[number], Answer[]>('batch_open.py', plain);
  return answers.map((outcomes) =>
    outcomes.map(({ error, atEnd, bytes, sha256 }) => {
      const code = error === null ? 'success' : (CODES[error] ?? error);
      return `${verdictOf(code, atEnd)}, ${bytes} bytes ${sha256}`;
    }),
  );
}
