import { setTimeout as pause } from 'node:timers/promises';
import { abortError, onAbort } from '../../abort.js';
import type { SealpipeError } from '../../errors.js';
import { notOneArchive } from '../archive/archive-fault.js';
import type { ArchiveStore } from '../archive/archive-store.js';
import type { BucketTimes } from '../store/bucket-store.js';
import { ArchiveFollow } from './archive-follow.js';
import type { ReadingTerms } from './archive-reading.js';
import { ArchiveReading } from './archive-reading.js';
import { lastSegments } from './last-lines.js';
import type { LogBatch, LogLine, UnitBatch } from './log-batch.js';
import type { LogReaderOptions, LogReaderSettings } from './log-reader-options.js';
import { logReaderSettings } from './log-reader-options.js';
import { mergedByTime, withoutFirst } from './merged-batches.js';
import type { OutageListener } from './outage.js';
import { OutageWatch, passingFailure } from './outage.js';
import type { ArchiveReport } from './reading-tally.js';

/** The report of what was read so far: plain JSON. */
export interface LogReadReport {
  /** In the order of their ids. */
  readonly archives: readonly ArchiveReport[];
}

/** Reads the lines of log archives, once and in order. */
export interface LogReader extends AsyncDisposable, AsyncIterable<LogLine> {
  /**
   * The lines, in batches that were sealed together. Several archives are merged by time. Ends at the current end of
   * the last segment, unless it follows.
   *
   * @throws (rejects) SealpipeError `ERR_SEALPIPE_ARCHIVE` for segments that do not hold together, or the error of
   * opening a segment; an AbortError. Lines returned before that are correct
   */
  batches(): AsyncGenerator<LogBatch, void, void>;
  /** The same lines one by one. Use a reader for one consumer only. */
  [Symbol.asyncIterator](): AsyncGenerator<LogLine, void, void>;
  /** Reports what was read so far, and where the archives end. */
  readonly report: LogReadReport;
  /** Stops reading, wipes the keys and closes the files. */
  close(): Promise<void>;
}

/**
 * Opens the log archives in a folder or a bucket for reading: from another process, on another machine, while they are
 * written.
 *
 * A line is returned only after all bytes of its segment were compared with the digest in the next segment. The last
 * segment has an open end: lines that verify are returned, and the report says where it ends. A bucket has only
 * uploaded segments that have ended; the open one is only in the folder of its writer.
 *
 * @throws (rejects) TypeError or RangeError `ERR_SEALPIPE_OPTIONS`; the error of the system; SealpipeError
 * `ERR_SEALPIPE_STORE`, or `ERR_SEALPIPE_ARCHIVE` if there is no archive
 * @example
 * await using reader = await openLogReader({ directory: '/var/log/app', keys, since: Date.now() - 3_600_000 });
 * for await (const { lines } of reader.batches()) for (const line of lines) console.log(line.toString());
 */
export function openLogReader(options: LogReaderOptions): Promise<LogReader> {
  return openReaderAt(options, {});
}

/** Settings of a reader that are not exported from the package. */
export interface ReaderTimes extends BucketTimes {
  /** Called when a following reader begins to wait for a store or a key service, and when that is over. */
  readonly onOutage?: OutageListener | undefined;
  /**
   * Called when an archive cannot be read on: the others are read to their ends. Default: the reading fails. Not for
   * `last` or `follow`.
   */
  readonly onArchiveFailure?: ((archive: string, error: unknown) => void) | undefined;
}

/** The same, with another pace for buckets, and reports of outages. */
export async function openReaderAt(options: LogReaderOptions, times: ReaderTimes): Promise<LogReader> {
  const settings = logReaderSettings(options);
  const { signal } = settings.decrypt;
  if (signal?.aborted) throw abortError(signal);
  const reader = new ArchivesReader(settings, times);
  await reader.open();
  return reader;
}

/** The ids of the archives to read. @throws (rejects) the error of the store; SealpipeError `ERR_SEALPIPE_ARCHIVE` */
export async function archivesToRead(
  store: ArchiveStore,
  { archive, checkpoint, source }: Pick<LogReaderSettings, 'archive' | 'checkpoint' | 'source'>,
): Promise<readonly string[]> {
  const there = await store.archives();
  const pinned = archive ?? checkpoint?.archive;
  if (pinned !== undefined && !there.includes(pinned)) {
    throw notOneArchive(`${source.name} has no archive ${pinned}`, 'Is this the right place?');
  }
  return archive === undefined ? there : [archive];
}

/** The error for a place without an archive. */
export function noArchive({ source }: Pick<LogReaderSettings, 'source'>): Error {
  return notOneArchive(`no archive in ${source.name}`, 'Is this the right place?');
}

class ArchivesReader implements LogReader {
  readonly #store: ArchiveStore;
  readonly #settings: LogReaderSettings;
  readonly #terms: ReadingTerms;
  readonly #stopping = new AbortController();
  readonly #readings: ArchiveReading[] = [];
  readonly #endSignal: () => void;
  readonly #outage: OutageWatch;
  readonly #onArchiveFailure: ReaderTimes['onArchiveFailure'];
  /** When new archives were last sought. */
  #sought = 0;
  #isTaken = false;
  #isClosed = false;

  constructor(settings: LogReaderSettings, { onOutage, onArchiveFailure, ...times }: ReaderTimes) {
    this.#settings = settings;
    this.#onArchiveFailure = onArchiveFailure;
    this.#outage = new OutageWatch(onOutage);
    this.#store = settings.source.open(this.#stopping.signal, times);
    const { signal } = settings.decrypt;
    this.#endSignal =
      signal === undefined ? () => undefined : onAbort(signal, () => this.#stopping.abort(signal.reason));
    const decrypt = { ...settings.decrypt, signal: this.#stopping.signal };
    const { range, strict, follow, checkpoint } = settings;
    this.#terms = { store: this.#store, settings: decrypt, range, strict, follow, checkpoint };
  }

  /** Finds the archives. @throws (rejects) like `openLogReader`: then it is closed */
  async open(): Promise<void> {
    try {
      const archives = await archivesToRead(this.#store, this.#settings);
      if (archives.length === 0 && !this.#settings.follow) throw noArchive(this.#settings);
      this.#readings.push(...archives.map((archive) => new ArchiveReading(this.#terms, archive)));
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  get report(): LogReadReport {
    return { archives: this.#readings.map(({ tally }) => tally.report) };
  }

  async *batches(): AsyncGenerator<LogBatch, void, void> {
    if (this.#isTaken) throw new Error('The lines of a log reader can be read once');
    this.#isTaken = true;
    try {
      yield* await this.#there();
      if (this.#settings.follow) yield* this.#following();
    } catch (error) {
      if (!this.#isClosed) throw error;
    } finally {
      await this.close();
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<LogLine, void, void> {
    for await (const { archive, segment, record, first, last, lines } of this.batches()) {
      for (const [i, line] of lines.entries())
        yield { line, archive, segment, record: record + i, first, last };
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#endSignal();
    this.#stopping.abort();
    for (const reading of this.#readings) await reading.close();
    this.#store.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The current content. */
  async #there(): Promise<AsyncGenerator<UnitBatch, void, void>> {
    const { last } = this.#settings;
    if (last === undefined) return mergedByTime(this.#readings.map((reading) => this.#read(reading)));
    const ends = [];
    for (const reading of this.#readings) ends.push({ reading, ...(await lastSegments(reading, last)) });
    const lines = ends.reduce((sum, end) => sum + end.lines, 0);
    const merged = mergedByTime(ends.map(({ reading, ...end }) => reading.batches(end)));
    return withoutFirst(merged, Math.max(0, lines - last));
  }

  async *#read(reading: ArchiveReading): AsyncGenerator<UnitBatch, void, void> {
    try {
      yield* reading.batches();
    } catch (error) {
      if (this.#onArchiveFailure === undefined || this.#stopping.signal.aborted) throw error;
      await reading.close();
      this.#onArchiveFailure(reading.archive, error);
    }
  }

  async *#following(): AsyncGenerator<LogBatch, void, void> {
    const follows = this.#readings.map((reading) => new ArchiveFollow(reading));
    const { watch } = this.#store;
    this.#sought = performance.now();
    for (;;) {
      const failure = yield* this.#look(follows);
      this.#outage.tell(failure);
      const length = failure === undefined ? watch.pause : watch.outage;
      await pause(length, undefined, { signal: this.#stopping.signal }).catch(() => {
        throw abortError(this.#stopping.signal);
      });
    }
  }

  /** One look at each archive. @returns a failure that may pass, or undefined */
  async *#look(follows: ArchiveFollow[]): AsyncGenerator<UnitBatch, SealpipeError | undefined, void> {
    let failure: SealpipeError | undefined;
    try {
      for (const reading of await this.#newReadings()) follows.push(new ArchiveFollow(reading));
    } catch (error) {
      failure = passingFailure(error);
    }
    for (const follow of follows.filter(({ isOver }) => !isOver)) {
      try {
        yield* follow.look();
      } catch (error) {
        failure = passingFailure(error);
      }
    }
    return failure;
  }

  async #newReadings(): Promise<ArchiveReading[]> {
    if (this.#settings.archive !== undefined) return [];
    if (performance.now() - this.#sought < this.#store.watch.archives) return [];
    const known = new Set(this.#readings.map(({ archive }) => archive));
    const found = (await this.#store.archives()).filter((archive) => !known.has(archive));
    this.#sought = performance.now();
    const readings = found.map((archive) => new ArchiveReading(this.#terms, archive));
    this.#readings.push(...readings);
    return readings;
  }
}
