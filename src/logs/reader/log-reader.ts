import { setTimeout as pause } from 'node:timers/promises';
import { abortError, onAbort } from '../../abort.js';
import type { SealpipeError } from '../../errors.js';
import type { Retry } from '../../s3/store/store-calls.js';
import type { ArchiveStore } from '../archive/archive-store.js';
import type { BucketTimes } from '../store/bucket-store.js';
import { ArchiveFollow } from './archive-follow.js';
import type { ReadingTerms } from './archive-reading.js';
import { ArchiveReading } from './archive-reading.js';
import { archivesToRead, noArchive } from './archives-to-read.js';
import type { LastSegments } from './last-lines.js';
import { lastSegments } from './last-lines.js';
import type { LogBatch, LogLine, UnitBatch } from './log-batch.js';
import type { LogReaderOptions, LogReaderSettings } from './log-reader-options.js';
import { logReaderSettings } from './log-reader-options.js';
import type { Excess } from './merged-batches.js';
import { mergedByTime, withoutFirst } from './merged-batches.js';
import type { OutageListener } from './outage.js';
import { isPassingFailure, OutageWatch } from './outage.js';
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
   * Called when one of several archives cannot be read on: the others are read and followed. The reading ends once none
   * is left. Default: the reading fails.
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

class ArchivesReader implements LogReader {
  readonly #store: ArchiveStore;
  readonly #settings: LogReaderSettings;
  readonly #terms: ReadingTerms;
  readonly #stopping = new AbortController();
  readonly #readings: ArchiveReading[] = [];
  readonly #endSignal: () => void;
  readonly #outage: OutageWatch;
  readonly #onArchiveFailure: ReaderTimes['onArchiveFailure'];
  /** Archives that failed. */
  readonly #failed = new Set<ArchiveReading>();
  /** When new archives were last sought. */
  #sought = 0;
  #isTaken = false;
  #isClosed = false;

  constructor(settings: LogReaderSettings, { onOutage, onArchiveFailure, ...times }: ReaderTimes) {
    this.#settings = settings;
    this.#onArchiveFailure = onArchiveFailure;
    this.#outage = new OutageWatch(onOutage);
    const onRetry = settings.follow ? (retry: Retry) => this.#outage.retried(retry) : undefined;
    this.#store = settings.source.open(this.#stopping.signal, { ...times, onRetry });
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
    const ends: { reading: ArchiveReading; end: LastSegments }[] = [];
    for (const reading of this.#readings) {
      try {
        ends.push({ reading, end: await lastSegments(reading, last) });
      } catch (error) {
        await this.#leave(reading, error);
      }
    }
    const lines = ends.reduce((sum, { end }) => sum + end.lines, 0);
    const excess = { lines: Math.max(0, lines - last) };
    const merged = mergedByTime(ends.map(({ reading, end }) => this.#read(reading, end, excess)));
    return withoutFirst(merged, excess);
  }

  /** @param excess the lines of all archives that are left out. Those that this one fails to give are not among them */
  async *#read(
    reading: ArchiveReading,
    end?: LastSegments,
    excess?: Excess,
  ): AsyncGenerator<UnitBatch, void, void> {
    let given = 0;
    try {
      for await (const batch of reading.batches(end)) {
        given += batch.count;
        yield batch;
      }
    } catch (error) {
      await this.#leave(reading, error);
      if (end !== undefined && excess !== undefined) {
        const missing = Math.max(0, end.lines - given);
        excess.lines = Math.max(0, excess.lines - missing);
      }
    }
  }

  /** Goes on without an archive that failed. @throws (rejects) the error if that ends the reading */
  async #leave(reading: ArchiveReading, error: unknown): Promise<void> {
    if (this.#onArchiveFailure === undefined || this.#readings.length === 1) throw error;
    // A following reader is not to lose an archive because of an outage.
    if (this.#stopping.signal.aborted || (this.#settings.follow && isPassingFailure(error))) throw error;
    this.#failed.add(reading);
    await reading.close();
    this.#onArchiveFailure(reading.archive, error);
  }

  async *#following(): AsyncGenerator<LogBatch, void, void> {
    const follows = this.#readings.map((reading) => new ArchiveFollow(reading));
    const { watch } = this.#store;
    this.#sought = performance.now();
    for (;;) {
      const failure = yield* this.#look(follows);
      if (this.#failed.size > 0 && this.#failed.size === this.#readings.length) return;
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
      if (!isPassingFailure(error)) throw error;
      failure = error;
    }
    for (const follow of follows.filter(({ isOver, reading }) => !isOver && !this.#failed.has(reading))) {
      try {
        yield* follow.look();
      } catch (error) {
        if (isPassingFailure(error)) failure = error;
        else await this.#leave(follow.reading, error);
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
