import type { SealpipeError } from '../../../errors.js';
import { isSealpipeError } from '../../../errors.js';
import type { ReaderLimits } from '../../../format/preamble.js';
import { PreambleReader } from '../../../format/preamble.js';
import type { StreamHeader } from '../../../format/stream-header.js';
import { FramePositions } from '../../../frames/positions.js';
import { HeldSource } from '../../../sources/held-source.js';
import { readPreamble } from '../../../streams/read-preamble.js';
import type { Pace } from '../../store/pace.js';
import type { StoreCalls } from '../../store/store-calls.js';
import { ObjectSource } from '../object-source.js';
import type { ListedObject } from './object-pages.js';

/** One object of a listing. Nothing of it is authentic. */
export interface SealedObject {
  /** The key of the object. */
  readonly key: string;
  /** Bytes of the object. */
  readonly size: number;
  /** The content of the preamble; undefined for an object that is not sealed, or whose beginning cannot be read. */
  readonly header: StreamHeader | undefined;
  /**
   * Bytes of plaintext, computed from the size: a claim. Undefined in the record layout, whose size depends on the
   * flushes, and for a size that no whole stream has.
   */
  readonly plaintextSize: number | undefined;
  /** Why the object is not sealed (`ERR_SEALPIPE_FORMAT`, `_TRUNCATED`, …) or could not be read (`_STORE`). */
  readonly error: SealpipeError | undefined;
}

/** Settings for reading the beginning of an object. */
export interface LookTerms {
  readonly calls: StoreCalls;
  readonly pace: Pace;
  readonly limits: ReaderLimits;
  readonly stop: AbortSignal;
}

/** More than most preambles have. */
const FIRST_READ = 8_192;

/** Reads the beginning of an object. @throws (rejects) an AbortError; no other error of this library */
export async function inspectObject(
  bucket: string,
  { key, size }: ListedObject,
  { calls, pace, limits, stop }: LookTerms,
): Promise<SealedObject> {
  const object = { key, size, header: undefined, plaintextSize: undefined };
  try {
    if (size === 0) throw new PreambleReader(limits).end();
    const source = new HeldSource(
      new ObjectSource(calls.client, { bucket, key }, { pace, firstRead: FIRST_READ }),
    );
    const { header } = await readPreamble(source, limits, stop);
    return sized({ ...object, size: await source.size(stop), header, error: undefined });
  } catch (error) {
    if (!isSealpipeError(error)) throw error;
    return { ...object, error };
  }
}

function sized(object: SealedObject): SealedObject {
  const { header, size } = object;
  if (header?.layout !== 'fixed') return object;
  try {
    return { ...object, plaintextSize: new FramePositions(header).last(size).plaintext };
  } catch (error) {
    return { ...object, error: error as SealpipeError };
  }
}
