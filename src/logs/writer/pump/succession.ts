import type { FileSystem } from '../../../file-system.js';
import type { EncryptSettings } from '../../../session/encrypt-options.js';
import { encryptSettings } from '../../../session/encrypt-options.js';
import { SUITES } from '../../../suites.js';
import { segmentContent } from '../../archive/segment-content.js';
import type { Acknowledgement } from '../../segments/acknowledgement.js';
import type { ArchiveEnd } from '../../segments/archive-start.js';
import { predecessorOf } from '../../segments/archive-start.js';
import { KeysAhead } from '../../segments/keys-ahead.js';
import type { PreparedSegment } from '../../segments/open-segment.js';
import { OpenSegment, prepareSegment } from '../../segments/open-segment.js';
import { encodeControlUnit } from '../../units/unit.js';
import { clock } from '../lines/line-buffer.js';
import { publishLog } from '../log-diagnostics.js';
import type { LogSettings } from '../options/log-options.js';

/** The first and the longest pause after a failed key call, in milliseconds. */
const LEAST_PAUSE = 1_000;
const MOST_PAUSE = 30_000;

/** A segment of a writer that will never change again: the data for the next one, and its file. */
export interface EndedSegment {
  readonly index: number;
  /** Bytes after its preamble. */
  readonly offset: number;
  readonly whole: boolean;
  readonly digest: Buffer;
  readonly name: string;
  /** Bytes of the file. */
  readonly size: number;
}

/** Begins the segments of an archive, one after the other, each under its own key. */
export class Succession {
  readonly #settings: LogSettings;
  readonly #files: FileSystem;
  readonly #ahead: KeysAhead;
  readonly #abort = new AbortController();
  #end: ArchiveEnd;
  #ended: EndedSegment[] = [];
  #prepared: PreparedSegment | undefined;
  #isFetching = false;
  #pause = LEAST_PAUSE;
  #notBefore = 0;
  #failure: unknown;

  constructor(settings: LogSettings, files: FileSystem, end: ArchiveEnd) {
    this.#settings = settings;
    this.#files = files;
    this.#end = end;
    const { keys } = encryptSettings(settings.sealing);
    this.#ahead = new KeysAhead(keys);
  }

  /** The archive's id, in hex. */
  get archive(): string {
    return this.#end.archive.toString('hex');
  }

  /** The index of the open segment or, if none is open, of the next one. */
  get index(): number {
    return this.#end.index;
  }

  /** Of the archive. */
  get folder(): string {
    return this.#end.folder;
  }

  /** The last acknowledgement of earlier writers. */
  get acknowledged(): Acknowledgement | undefined {
    return this.#end.acknowledged;
  }

  /** The error of the last key call. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Whether the next segment can begin without a key call. */
  get isReady(): boolean {
    return this.#prepared !== undefined || this.#ahead.isReady;
  }

  /** When the next key call may be made, by `performance.now()`; infinity during a call. */
  get askAt(): number {
    return this.#isFetching ? Number.POSITIVE_INFINITY : this.#notBefore;
  }

  /** Fetches the key of the next segment, unless it is available or being fetched, or a call failed recently. */
  fetchAhead(done: () => void): void {
    if (this.isReady || this.#isFetching || performance.now() < this.#notBefore) return;
    this.#isFetching = true;
    void this.#fetch().then(done);
  }

  /**
   * Begins the next segment. Its first record, about the previous segment, is sealed and pending.
   *
   * @throws (rejects) the error of a key call; like `SegmentFile.create`. It may then be called again
   */
  async open(): Promise<OpenSegment> {
    const { folder, predecessor } = this.#end;
    const { compression } = this.#settings;
    this.#prepared ??= await prepareSegment(this.#sealing());
    const segment = await OpenSegment.create({ files: this.#files, folder }, this.#prepared, compression);
    this.#prepared = undefined;
    publishLog({ event: 'open', archive: this.archive, index: segment.index });
    if (predecessor === undefined) return segment;
    try {
      const time = clock();
      segment.seal(encodeControlUnit(predecessor, time, compression), { lines: 0, first: time, last: time });
      return segment;
    } catch (error) {
      // The writer was stopped and the key wiped while the file was created.
      await segment.giveUp(error);
      throw error;
    }
  }

  /** Sets the previous segment for the next one. It must be durable and must never change again. */
  follow(ended: EndedSegment, acknowledged: Acknowledgement | undefined): void {
    const { index, offset, whole, digest } = ended;
    this.#discard();
    this.#ended.push(ended);
    const { archive, folder } = this.#end;
    const predecessor = predecessorOf(index, { offset, whole }, acknowledged, false);
    this.#end = { archive, folder, index: index + 1, previous: digest, predecessor, acknowledged };
  }

  /** The segments that have ended since the last call. */
  takeEnded(): readonly EndedSegment[] {
    const ended = this.#ended;
    if (ended.length > 0) this.#ended = [];
    return ended;
  }

  /** Aborts key calls, and wipes every key. */
  close(error?: unknown): void {
    this.#abort.abort(error);
    this.#ahead.wipe();
    this.#discard();
  }

  async #fetch(): Promise<void> {
    const { context, suite } = this.#sealing();
    const { encryptionContext, contextBytes } = context;
    try {
      await this.#ahead.fetch(() => ({
        encryptionContext,
        contextBytes: Uint8Array.from(contextBytes),
        dataKeyBytes: SUITES[suite].keySize,
        signal: this.#abort.signal,
      }));
      this.#failure = undefined;
      this.#pause = LEAST_PAUSE;
    } catch (error) {
      this.#failure = error;
      publishLog({ event: 'key', archive: this.archive, index: this.#end.index + 1, error });
      this.#notBefore = performance.now() + this.#pause;
      this.#pause = Math.min(2 * this.#pause, MOST_PAUSE);
    } finally {
      this.#isFetching = false;
      if (this.#abort.signal.aborted) this.#ahead.wipe();
    }
  }

  #sealing(): EncryptSettings {
    const { archive, index, previous } = this.#end;
    return encryptSettings({
      ...this.#settings.sealing,
      keys: this.#ahead.providers,
      signal: this.#abort.signal,
      chain: { archive, index, previous },
      content: segmentContent(this.#settings.compression?.coding ?? 'stored'),
    });
  }

  #discard(): void {
    this.#prepared?.session.close(new Error('The segment was never begun'));
    this.#prepared = undefined;
  }
}
