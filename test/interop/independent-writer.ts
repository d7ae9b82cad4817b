import { OUR_KEYS, SUITE_NAMES } from '../vectors/case-kit.js';
import type { Vector, VectorKey } from '../vectors/form.js';
import { vectorOf } from '../vectors/form.js';
import { runBatch } from './python.js';

/** The switches of the independent writer; see `seal` of sealpipe_format.py. */
export interface SealOptions {
  readonly suite?: number;
  readonly layout?: 0 | 1;
  readonly frame_size_log2?: number;
  readonly context?: Readonly<Record<string, string>>;
  readonly withhold_context?: boolean;
  readonly flush_at?: readonly number[];
  readonly content?: Readonly<Record<string, string>>;
  readonly chain?: Readonly<Record<string, string | number | boolean>>;
  readonly created?: number;
  readonly pad?: boolean;
  readonly extra_unknown_keys?: boolean;
  readonly reverse_keys?: boolean;
  readonly data_key_bytes?: number;
}

/** One plaintext to seal; the frame size is 4,096 unless the options say otherwise. */
export interface SealJob {
  readonly name: string;
  readonly plaintext: Uint8Array;
  readonly options: SealOptions;
  readonly keys?: readonly VectorKey[];
}

/** Has it seal them all, as vectors that have to open. */
export function sealThere(jobs: readonly SealJob[]): Vector[] {
  const streams = runBatch<unknown, string>(
    'batch_seal.py',
    jobs.map(({ plaintext, options, keys = OUR_KEYS }) => ({
      plaintext: Buffer.from(plaintext).toString('base64'),
      recipients: keys.map(({ name, key }) => [name, Buffer.from(key).toString('hex')]),
      options: { frame_size_log2: 12, ...options },
    })),
  );
  return jobs.map(({ name, plaintext, options, keys = OUR_KEYS }, i) => {
    const stream = Buffer.from(streams[i]!, 'base64');
    const suite = SUITE_NAMES[(options.suite ?? 1) - 1]!;
    const layout = options.layout === 1 ? 'record' : 'fixed';
    const { context } = options;
    return vectorOf({ name, comment: '', suite, layout, keys, context, released: plaintext, stream });
  });
}
