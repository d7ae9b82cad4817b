import { SealpipeError } from '../../../errors.js';
import type { FileSystem } from '../../../file-system.js';
import type { Pace } from '../../../s3/store/pace.js';
import { PACE } from '../../../s3/store/pace.js';
import type { UploadListener } from '../../upload/spool-uploads.js';
import { SpoolUploads } from '../../upload/spool-uploads.js';
import type { SpooledSegment } from '../../upload/spooled-segment.js';
import { UploadPause } from '../../upload/upload-pause.js';
import type { LogMark, LogPosition } from '../lines/log-position.js';
import { StoredMark } from '../lines/stored-mark.js';
import { publishLog } from '../log-diagnostics.js';
import type { UnstoredSegment } from '../log-writer.js';
import type { LogStoreSettings } from '../options/log-options.js';
import type { EndedSegment } from '../pump/succession.js';

/** How uploads are retried. Times are milliseconds. */
export interface UploadPacing {
  /** The pace of the requests of one attempt. */
  readonly pace: Pace;
  /** The first and the longest pause between two attempts. */
  readonly first: number;
  readonly longest: number;
  /** The time limit for removing parts when an upload is aborted. */
  readonly cleanUp: number;
}

/** The pacing, except in tests. */
export const PACING: UploadPacing = { pace: PACE, first: 1_000, longest: 60_000, cleanUp: 2_000 };

/** The archive and the folder of the segments. */
export interface SpoolPlace {
  readonly files: FileSystem;
  /** The archive's id, in hex. */
  readonly archive: string;
  /** Of the archive. */
  readonly folder: string;
  /** Segments that earlier writers have left. */
  readonly left: readonly SpooledSegment[];
}

/** The input of a spool. */
export interface SpoolParts {
  readonly place: SpoolPlace;
  readonly store: LogStoreSettings;
  readonly pacing: UploadPacing;
}

/** How a spool reports to its writer. */
export interface SpoolListener {
  /** A segment was stored, or a wait for one began. */
  moved(): void;
  /** The archive must not be continued. */
  forked(error: unknown): void;
  /** Bytes of the segment that is open. */
  openBytes(): number;
}

/** The local segments of a writer with a store, until they are stored. */
export class Spool {
  readonly #place: SpoolPlace;
  readonly #store: LogStoreSettings;
  readonly #listener: SpoolListener;
  readonly #pause: UploadPause;
  readonly #uploads: SpoolUploads;
  readonly #mark: StoredMark;
  #fork: { readonly error: unknown } | undefined;

  constructor({ place, store, pacing }: SpoolParts, durable: LogMark, listener: SpoolListener) {
    this.#place = place;
    this.#store = store;
    this.#listener = listener;
    this.#pause = new UploadPause(pacing);
    const { files } = place;
    const { pace, cleanUp } = pacing;
    const terms = { files, store, objectLock: store.objectLock, pace, cleanUp };
    this.#uploads = new SpoolUploads(terms, this.#pause, this.#told());
    this.#mark = new StoredMark(durable, () => {
      this.#pause.hold(true);
      listener.moved();
    });
    this.#uploads.add(place.left);
  }

  get stored(): LogPosition {
    return this.#mark.reached;
  }

  /** Bytes that are not stored. */
  get bytes(): number {
    return this.#uploads.bytes + this.#listener.openBytes();
  }

  get isFull(): boolean {
    return this.bytes >= this.#store.maxBytes;
  }

  /** Whether only ending the open segment would make room. */
  get isStuck(): boolean {
    return this.isFull && this.#uploads.isIdle;
  }

  /** Why nothing can be stored at the moment. */
  get trouble(): unknown {
    return this.#uploads.trouble;
  }

  /** Whether somebody waits for a segment. */
  get isAwaited(): boolean {
    return this.#mark.isAwaited;
  }

  whenStored(position: LogPosition): Promise<void> {
    return this.#mark.wait(position);
  }

  /** Segments of the writer have ended. */
  ended(segments: readonly EndedSegment[], position: LogPosition): void {
    if (segments.length === 0) return;
    const { archive, folder } = this.#place;
    this.#uploads.add(
      segments.map(({ index, name, size, offset, digest, whole }) => {
        this.#mark.end(index, position);
        return { archive, folder, name, index, size, facts: { offset, digest, whole, closed: false } };
      }),
    );
  }

  /**
   * Waits for uploads in progress, up to the limit for the end of a writer.
   *
   * @param signal ends the wait when it is aborted
   * @returns the segments that are not stored
   * @throws (rejects) SealpipeError `ERR_SEALPIPE_ARCHIVE` for a fork
   */
  async end(signal?: AbortSignal): Promise<readonly UnstoredSegment[]> {
    await this.#uploads.drain(this.#store.drain, signal);
    const { trouble } = this.#uploads;
    await this.stop(notYet(trouble));
    if (this.#fork !== undefined) throw this.#fork.error;
    return this.#uploads.left.map(({ archive, index, size: bytes }) => ({ archive, index, bytes }));
  }

  /** Aborts uploads in progress. @param error rejects all waits */
  async stop(error: unknown): Promise<void> {
    await this.#uploads.stop();
    this.#mark.fail(error);
    this.#store.client.close();
  }

  #told(): UploadListener {
    return {
      stored: ({ archive, index, size: bytes }) => {
        publishLog({ event: 'stored', archive, index, bytes });
        if (archive === this.#place.archive) this.#mark.reach(index);
        this.#pause.hold(this.#mark.isAwaited);
        this.#listener.moved();
      },
      failed: (segment, error) => this.#publishFailure(segment, error),
      forked: (segment, error) => {
        this.#publishFailure(segment, error);
        if (segment.archive !== this.#place.archive) return;
        this.#fork = { error };
        this.#listener.forked(error);
      },
    };
  }

  #publishFailure({ archive, index, size: bytes }: SpooledSegment, error: unknown): void {
    publishLog({ event: 'not-stored', archive, index, bytes, error });
  }
}

function notYet(cause: unknown): SealpipeError {
  return new SealpipeError(
    'ERR_SEALPIPE_STORE',
    'The log writer ended before this was stored: the next start stores it',
    { cause, retryable: true },
  );
}
