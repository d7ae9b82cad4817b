import { onAbort } from '../../abort.js';
import { isSealpipeError } from '../../errors.js';
import { isSystemError } from '../../system-error.js';
import { readAcknowledgement } from '../segments/acknowledgement.js';
import type { StoredSegment } from '../segments/stored-file.js';
import { readStored, StoredFile } from '../segments/stored-file.js';
import type { SegmentTerms } from './segment-upload.js';
import { SegmentUpload } from './segment-upload.js';
import { SpoolFile } from './spool-file.js';
import type { SpooledSegment } from './spooled-segment.js';
import type { UploadPause } from './upload-pause.js';

/** The notifications of uploads. None of these may throw. */
export interface UploadListener {
  /** The segment is in the store, and was read back completely. */
  stored(segment: SpooledSegment): void;
  /** The segment could not be stored, and is tried again. Forks are reported with `forked` instead. */
  failed(segment: SpooledSegment, error: unknown): void;
  /** The store has another segment with this index: nothing more is uploaded for this archive. */
  forked(segment: SpooledSegment, error: unknown): void;
}

/**
 * Uploads the segments of a folder one by one, ordered by index, and removes their files. Failed uploads are tried
 * again without limit.
 */
export class SpoolUploads {
  readonly #terms: Omit<SegmentTerms, 'signal'>;
  readonly #listener: UploadListener;
  readonly #pause: UploadPause;
  readonly #queue: SpooledSegment[] = [];
  /** Segments that stay in the folder because their archive is forked. */
  readonly #given: SpooledSegment[] = [];
  readonly #abort = new AbortController();
  #bytes = 0;
  #running: Promise<void> | undefined;
  /** The current change to the folder. */
  #settling: Promise<void> | undefined;
  #stored: { readonly folder: string; readonly file: StoredFile; index: number } | undefined;
  #trouble: unknown;

  constructor(terms: Omit<SegmentTerms, 'signal'>, pause: UploadPause, listener: UploadListener) {
    this.#terms = terms;
    this.#pause = pause;
    this.#listener = listener;
  }

  /** The bytes of segments that are not stored. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether no upload is pending. */
  get isIdle(): boolean {
    return this.#queue.length === 0;
  }

  /** Why the first segment is not stored; undefined if nothing failed. */
  get trouble(): unknown {
    return this.#trouble;
  }

  /** The segments that are not stored. */
  get left(): readonly SpooledSegment[] {
    return [...this.#given, ...this.#queue];
  }

  /** Adds finished segments, each after those before it. */
  add(segments: readonly SpooledSegment[]): void {
    for (const segment of segments) {
      this.#queue.push(segment);
      this.#bytes += segment.size;
    }
    if (segments.length > 0 && !this.#abort.signal.aborted) this.#running ??= this.#run();
  }

  /** Resolves when no upload is pending, after this many milliseconds, or when the signal is aborted. */
  async drain(limit: number, signal?: AbortSignal): Promise<void> {
    if (this.#running === undefined || limit === 0) return;
    this.#pause.hurry();
    await within(limit, this.#running, signal);
  }

  /**
   * Cancels uploads and releases everything. Waits for the store at most twice the time for the removal of parts. After
   * this has resolved, the folder is not changed any more.
   */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.#pause.stop();
    // The caller's client may not support abort signals.
    if (this.#running !== undefined) await within(2 * this.#terms.cleanUp, this.#running);
    // The next writer must have the folder to itself, so this waits even for a slow disk.
    await this.#settling?.catch(() => undefined);
    await this.#stored?.file.close();
    this.#stored = undefined;
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort;
    while (this.#queue.length > 0 && !signal.aborted) {
      const segment = this.#queue[0]!;
      const upload = new SegmentUpload(segment, { ...this.#terms, signal });
      while (this.#queue[0] === segment && !signal.aborted) await this.#attempt(segment, upload);
    }
    this.#running = undefined;
  }

  async #attempt(segment: SpooledSegment, upload: SegmentUpload): Promise<void> {
    const { signal } = this.#abort;
    try {
      await this.#store(segment, upload);
    } catch (error) {
      if (signal.aborted) return;
      this.#trouble = error;
      if (isSealpipeError(error) && error.code === 'ERR_SEALPIPE_ARCHIVE') this.#giveUp(segment, error);
      else {
        this.#listener.failed(segment, error);
        await this.#pause.wait();
      }
      return;
    }
    this.#pause.reset();
    this.#trouble = undefined;
    this.#queue.shift();
    this.#bytes -= segment.size;
    this.#listener.stored(segment);
  }

  async #store(segment: SpooledSegment, upload: SegmentUpload): Promise<void> {
    const { signal } = this.#abort;
    const file = await SpoolFile.open(this.#terms.files, segment);
    try {
      const is = await upload.store(file);
      const facts = await file.facts();
      signal.throwIfAborted();
      this.#settling = this.#settle(segment, file, facts, is);
      await this.#settling;
    } finally {
      this.#settling = undefined;
      await file.close();
    }
  }

  /** Records that a segment is stored, and removes its file. */
  async #settle(
    segment: SpooledSegment,
    file: SpoolFile,
    facts: StoredSegment,
    is: 'same' | 'rewrapped',
  ): Promise<void> {
    await this.#keep(segment, facts);
    this.#abort.signal.throwIfAborted();
    if (is === 'same') await file.remove();
  }

  /**
   * Records durably that a segment is stored. Without this record, the next start could not continue after the file is
   * removed.
   *
   * @throws (rejects) the error of the system; then the file must stay
   */
  async #keep({ folder }: SpooledSegment, facts: StoredSegment): Promise<void> {
    const { files } = this.#terms;
    if (this.#stored?.folder !== folder) {
      await this.#stored?.file.close();
      const { index = -1 } = (await readStored(files, folder)) ?? {};
      this.#stored = { folder, file: new StoredFile(files, folder), index };
    }
    if (facts.index <= this.#stored.index) return;
    try {
      await this.#stored.file.keep(facts);
      this.#stored.index = facts.index;
    } catch (error) {
      // On a full disk only the removal makes room. It is safe if the next start finds a later segment to continue
      // from.
      const isFull = isSystemError(error) && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
      const acknowledged = await readAcknowledgement(files, folder);
      if (!isFull || (acknowledged?.index ?? -1) <= facts.index) throw error;
    }
  }

  #giveUp(segment: SpooledSegment, error: unknown): void {
    const theirs = this.#queue.filter(({ archive }) => archive === segment.archive);
    this.#given.push(...theirs);
    const rest = this.#queue.filter(({ archive }) => archive !== segment.archive);
    this.#queue.splice(0, this.#queue.length, ...rest);
    this.#listener.forked(segment, error);
  }
}

/** Resolves with the work, after this many milliseconds, or when the signal is aborted. */
async function within(limit: number, work: Promise<unknown>, signal?: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let settled = (): void => undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limit);
    if (signal !== undefined) settled = onAbort(signal, resolve);
  });
  await Promise.race([work, timeout]);
  clearTimeout(timer);
  settled();
}
