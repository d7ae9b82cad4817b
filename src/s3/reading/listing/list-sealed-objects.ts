import { abortError, onAbort } from '../../../abort.js';
import { optionsTypeError } from '../../../errors.js';
import type { OptionNames } from '../../../options.js';
import { assertSignal, readOptions } from '../../../options.js';
import type { LimitOptions } from '../../../session/decrypt-options.js';
import { LIMIT_OPTIONS, readerLimits } from '../../../session/decrypt-options.js';
import { size } from '../../../session/stream-options.js';
import type { S3ClientLike } from '../../client-like.js';
import { checkClient } from '../../client-like.js';
import { assertBucket } from '../../names.js';
import type { Pace } from '../../store/pace.js';
import { PACE } from '../../store/pace.js';
import { StoreCalls } from '../../store/store-calls.js';
import { objectsUnder } from './object-pages.js';
import type { SealedObject } from './sealed-object.js';
import { inspectObject } from './sealed-object.js';

/** Options of `listSealedObjects`. */
export interface ListSealedObjectsOptions extends LimitOptions {
  /** An S3Client of `@aws-sdk/client-s3`. It is never changed or destroyed. */
  readonly client: S3ClientLike;
  /** The name of a bucket, or the ARN of a bucket or an access point. */
  readonly bucket: string;
  /** The prefix of the keys. Default: all keys. */
  readonly prefix?: string | undefined;
  /** How many objects are read at once. Default: 4. */
  readonly concurrency?: number | undefined;
  /** When aborted, ends the listing with an AbortError whose cause is the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const NAMES: OptionNames<ListSealedObjectsOptions> = {
  ...LIMIT_OPTIONS,
  client: true,
  bucket: true,
  prefix: true,
  concurrency: true,
  signal: true,
};
const CONCURRENCY = 4;

/**
 * Lists the objects below a prefix, in the order of the store, with what their preambles say: the beginning of each is
 * read, and no key is needed. Objects that are not sealed are listed with the reason.
 *
 * Iterating rejects with `ERR_SEALPIPE_STORE` if the listing itself fails, and with an AbortError.
 *
 * @throws TypeError or RangeError `ERR_SEALPIPE_OPTIONS`
 * @example
 * for await (const { key, plaintextSize, error } of listSealedObjects({ client, bucket: 'backups', prefix: 'db/' })) {
 *   console.log(key, error === undefined ? plaintextSize : error.message);
 * }
 */
export function listSealedObjects(options: ListSealedObjectsOptions): AsyncIterable<SealedObject> {
  return listAtPace(options, PACE);
}

/** Like `listSealedObjects`, with a different pace. */
export function listAtPace(given: ListSealedObjectsOptions, pace: Pace): AsyncIterable<SealedObject> {
  const options = readOptions('listSealedObjects()', given, NAMES);
  const { bucket, prefix = '', signal } = options;
  const limits = readerLimits(options);
  const concurrency = size(options, 'concurrency', 1) ?? CONCURRENCY;
  const client = checkClient(options.client);
  assertBucket(bucket);
  if (typeof prefix !== 'string') throw optionsTypeError('`prefix` must be a text');
  assertSignal(signal);
  return {
    async *[Symbol.asyncIterator]() {
      const stopping = new AbortController();
      const settled = signal && onAbort(signal, () => stopping.abort(abortError(signal)));
      const calls = new StoreCalls(client, { signal: stopping.signal, pace });
      const looks: Promise<SealedObject>[] = [];
      try {
        for await (const object of objectsUnder(calls, bucket, prefix)) {
          const look = inspectObject(bucket, object, { calls, pace, limits, stop: stopping.signal });
          // A rejection is handled when the object is next, so it must not count as unhandled before.
          look.catch(() => undefined);
          looks.push(look);
          if (looks.length >= concurrency) yield await looks.shift()!;
        }
        while (looks.length > 0) yield await looks.shift()!;
      } catch (error) {
        throw signal?.aborted ? abortError(signal) : error;
      } finally {
        settled?.();
        stopping.abort();
      }
    },
  };
}
