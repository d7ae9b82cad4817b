import { isSealpipeError } from '../../errors.js';
import { foldersUnder, objectsBeside } from '../../s3/reading/listing/object-pages.js';
import { ObjectSource } from '../../s3/reading/object-source.js';
import type { Pace } from '../../s3/store/pace.js';
import { PACE } from '../../s3/store/pace.js';
import type { Retry } from '../../s3/store/store-calls.js';
import { StoreCalls } from '../../s3/store/store-calls.js';
import type { ArchiveStore, SegmentSource, StoreWatch } from '../archive/archive-store.js';
import type { SegmentName } from '../archive/segment-name.js';
import { isArchiveName } from '../archive/segment-name.js';
import { archivePrefix, parseStoredName, segmentKey } from './archive-address.js';
import { HeldObject, HoldingRoom } from './held-object.js';
import type { LogStore } from './store-options.js';

/** Every check is a request, and requests cost money. Lines appear when their segment ends, after about an hour. */
const WATCH: StoreWatch = {
  grows: false,
  pause: 10_000,
  list: 0,
  listAtOnce: 0,
  archives: 60_000,
  outage: 10_000,
};
/** What S3 calls the answer that there is no such object. */
const NO_OBJECT: ReadonlySet<string> = new Set(['NoSuchKey', 'NotFound']);
/** In how many errors of ours that answer may stand. */
const CAUSES = 4;
/** Directory buckets list in no order, and do not support `StartAfter`. */
const DIRECTORY_BUCKET = /--x-s3$/;

/** How and how often a bucket is polled, and how much of it is held in memory. */
export interface BucketTimes {
  readonly pace?: Pace;
  readonly watch?: StoreWatch;
  readonly room?: HoldingRoom;
  /** Called before a request is sent again. */
  readonly onRetry?: ((retry: Retry) => void) | undefined;
}

/** The archives below a prefix of a bucket (LOGS 8): segments that have ended. */
export class BucketStore implements ArchiveStore {
  readonly watch: StoreWatch;
  readonly #place: LogStore;
  readonly #signal: AbortSignal;
  readonly #pace: Pace;
  readonly #room: HoldingRoom;
  readonly #onRetry: BucketTimes['onRetry'];
  #calls: Promise<StoreCalls> | undefined;

  /** @param signal ends all requests */
  constructor(
    place: LogStore,
    signal: AbortSignal,
    { pace = PACE, watch = WATCH, room = new HoldingRoom(), onRetry }: BucketTimes = {},
  ) {
    this.#place = place;
    this.#signal = signal;
    this.#pace = pace;
    this.watch = watch;
    this.#room = room;
    this.#onRetry = onRetry;
  }

  async archives(): Promise<readonly string[]> {
    const { bucket, prefix } = this.#place.address;
    const ids = new Set<string>();
    for await (const name of foldersUnder(await this.#called(), { bucket, prefix })) {
      if (isArchiveName(name)) ids.add(name);
    }
    return [...ids].sort();
  }

  async list(archive: string, after?: number): Promise<readonly string[]> {
    return [...(await this.#listed(archive, after)).keys()];
  }

  sizes(archive: string): Promise<ReadonlyMap<string, number>> {
    return this.#listed(archive);
  }

  async storedElsewhere(): Promise<undefined> {
    // Nothing is in another store.
  }

  segmentOf(name: string): SegmentName | undefined {
    const stored = parseStoredName(name);
    if (stored === undefined) return undefined;
    const { index, fork } = stored;
    return { name, index, open: false, range: undefined, isFork: fork !== undefined };
  }

  /** One version of the object: that of the first response. No request is made before the first read. */
  async open(archive: string, name: string): Promise<SegmentSource> {
    const { client } = await this.#called();
    const terms = { pace: this.#pace, onRetry: this.#onRetry };
    const source = new ObjectSource(client, this.#object(archive, name), terms);
    return new HeldObject(source, this.#room);
  }

  isGone(error: unknown): boolean {
    let cause = error;
    for (let level = 0; level < CAUSES && isSealpipeError(cause); level++) {
      if (cause.code !== 'ERR_SEALPIPE_STORE') return false;
      cause = cause.cause;
    }
    return NO_OBJECT.has((Object(cause) as Error).name);
  }

  /** Deletes an object. In a bucket with versions, its versions stay, hidden by a delete marker. */
  async remove(archive: string, name: string): Promise<{ readonly keepsVersions: boolean }> {
    const { bucket, key } = this.#object(archive, name);
    const calls = await this.#called();
    const answer: unknown = await calls.send('DeleteObject', { Bucket: bucket, Key: key });
    return { keepsVersions: (Object(answer) as { DeleteMarker?: unknown }).DeleteMarker === true };
  }

  close(): void {
    this.#place.client.close();
  }

  async #listed(archive: string, after?: number): Promise<ReadonlyMap<string, number>> {
    const { address } = this.#place;
    const { bucket } = address;
    const prefix = archivePrefix(address, archive);
    const isOrdered = !DIRECTORY_BUCKET.test(bucket);
    const from = after === undefined || !isOrdered ? undefined : segmentKey(address, archive, after);
    const sizes = new Map<string, number>();
    for await (const { key, size } of objectsBeside(await this.#called(), { bucket, prefix, after: from })) {
      sizes.set(key.slice(prefix.length), size);
    }
    return sizes;
  }

  #object(archive: string, name: string): { readonly bucket: string; readonly key: string } {
    const { address } = this.#place;
    return { bucket: address.bucket, key: `${archivePrefix(address, archive)}${name}` };
  }

  /** The calls are kept because they remember the region of the bucket. */
  #called(): Promise<StoreCalls> {
    const settings = { signal: this.#signal, pace: this.#pace, onRetry: this.#onRetry };
    this.#calls ??= this.#place.client.get().then((client) => new StoreCalls(client, settings));
    return this.#calls;
  }
}
