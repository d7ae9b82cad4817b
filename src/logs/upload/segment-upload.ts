import { throwIfAborted } from '../../abort.js';
import { isSealpipeError, SealpipeError } from '../../errors.js';
import type { FileSystem } from '../../file-system.js';
import { ObjectPieces } from '../../s3/reading/object-pieces.js';
import type { Pace } from '../../s3/store/pace.js';
import { StoreCalls } from '../../s3/store/store-calls.js';
import type { ObjectLock } from '../../s3/upload/requests/object-attributes.js';
import { attributesInput } from '../../s3/upload/requests/object-attributes.js';
import { headOf } from '../../s3/upload/requests/stored-object.js';
import { uploadSealed } from '../../s3/upload/sealed-upload.js';
import { notOneArchive } from '../archive/archive-fault.js';
import { forkKey, segmentKey } from '../store/archive-address.js';
import type { LogStore } from '../store/store-options.js';
import { bareTag, isCertainlyOther } from './other-object.js';
import type { Likeness } from './read-back.js';
import { readBack } from './read-back.js';
import type { SpoolFile } from './spool-file.js';
import type { SpooledSegment } from './spooled-segment.js';

/** The store for segments, and how they are uploaded. */
export interface SegmentTerms {
  readonly files: FileSystem;
  readonly store: LogStore;
  readonly objectLock: ObjectLock | undefined;
  readonly pace: Pace;
  /** Milliseconds allowed for the removal of parts after a failure. */
  readonly cleanUp: number;
  readonly signal: AbortSignal;
}

/** The upload of one segment, which can be attempted again until it succeeds. */
export class SegmentUpload {
  readonly #segment: SpooledSegment;
  readonly #terms: SegmentTerms;
  /** The ETag of the object that this upload created. */
  #etag: string | undefined;
  #tries = 0;

  constructor(segment: SpooledSegment, terms: SegmentTerms) {
    this.#segment = segment;
    this.#terms = terms;
  }

  /**
   * Stores the segment, and reads it back completely. If an object with its key already exists, that is compared.
   *
   * @returns how the object compares to the file
   * @throws (rejects) SealpipeError `ERR_SEALPIPE_ARCHIVE` for a fork, which has then been stored under another key;
   * after any other error it may be attempted again
   */
  async store(file: SpoolFile): Promise<'same' | 'rewrapped'> {
    const { address } = this.#terms.store;
    const { archive, index } = this.#segment;
    const key = segmentKey(address, archive, index);
    this.#tries += 1;
    const put = await this.#put(file, key);
    if (put !== undefined) this.#etag = put;
    const { is, object } = await this.#look(file, key);
    if (is !== 'other') return is;
    if (!(await this.#isForked(file, key, object))) throw cameBackChanged(index);
    await file.assertUnchanged();
    const fork = forkKey(address, archive, index, file.salt);
    await this.#put(file, fork);
    if ((await this.#look(file, fork)).is === 'other') throw cameBackChanged(index);
    throw forked(index, fork);
  }

  /** @returns the ETag, without quotes; undefined if an object already existed */
  async #put(file: SpoolFile, key: string): Promise<string | undefined> {
    const { store, objectLock, pace, signal, cleanUp } = this.#terms;
    try {
      const { etag } = await uploadSealed(file, {
        client: await store.client.get(),
        target: { bucket: store.address.bucket, key },
        attributes: attributesInput({ objectLock }),
        hasRetention: objectLock !== undefined,
        // A killed writer may have left parts. They are not another writer's, because an archive has only one.
        clearsLeft: this.#segment.facts === undefined && this.#tries === 1,
        pace,
        signal,
        cleanUp,
      });
      return bareTag(etag);
    } catch (error) {
      if (!isSealpipeError(error) || error.code !== 'ERR_SEALPIPE_EXISTS') throw error;
      return undefined;
    }
  }

  async #look(file: SpoolFile, key: string): Promise<{ is: Likeness; object: ObjectPieces }> {
    const { store, pace, signal } = this.#terms;
    const object = new ObjectPieces(
      await store.client.get(),
      { bucket: store.address.bucket, key },
      { pace, signal },
    );
    const is = await readBack(object, file);
    throwIfAborted(signal);
    return { is, object };
  }

  /** Whether the object, which was not equal to the segment, belongs to another writer. */
  async #isForked(file: SpoolFile, key: string, object: ObjectPieces): Promise<boolean> {
    const etag = bareTag(object.pin?.etag);
    if (etag !== undefined && etag === this.#etag) return false;
    const { store, pace, signal } = this.#terms;
    const calls = new StoreCalls(await store.client.get(), { signal, pace });
    const head = await headOf(calls, { bucket: store.address.bucket, key });
    return isCertainlyOther(object, file, head);
  }
}

function cameBackChanged(index: number): SealpipeError {
  return new SealpipeError(
    'ERR_SEALPIPE_CHANGED',
    `Segment ${index} was stored, and comes back as other bytes: its file stays`,
    { hint: 'Look for a cache or a proxy between this machine and the store', retryable: true },
  );
}

function forked(index: number, fork: string): SealpipeError {
  return notOneArchive(
    `the store has another segment ${index}. The one of this folder was kept beside it, as ${fork}`,
    'Two writers went on from one state of the archive, as after a restored snapshot: move the folder away, and a new archive begins',
  );
}
