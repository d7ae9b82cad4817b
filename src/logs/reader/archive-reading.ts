import { equalBytes } from '../../bytes.js';
import type { DecryptSettings } from '../../session/decrypt-options.js';
import { notOneArchive } from '../archive/archive-fault.js';
import type { ArchiveStore, StoreWatch } from '../archive/archive-store.js';
import type { Checkpoint } from '../archive/checkpoint.js';
import type { OpenedSegment } from '../archive/reading/opened-segment.js';
import { sealedIndex } from '../archive/reading/sealed-index.js';
import { digestSegment } from '../archive/reading/segment-proof.js';
import { assertTorn } from '../archive/reading/torn-check.js';
import { assertNoFork, gapBetween, steadySegmentsOf } from '../archive/segment-list.js';
import type { SegmentName } from '../archive/segment-name.js';
import { noSegment } from '../archive/stored-index.js';
import type { UnitBatch } from './log-batch.js';
import { ReadingTally } from './reading-tally.js';
import { SegmentLines } from './segment-lines.js';
import { chooseByBisection } from './selection/segment-bisection.js';
import { chooseByIndexes, chooseByNames } from './selection/segment-choice.js';
import { SegmentShelf } from './selection/segment-shelf.js';
import type { TimeRange } from './selection/time-range.js';
import { ALWAYS } from './selection/time-range.js';

/** Settings for reading an archive. */
export interface ReadingTerms {
  readonly store: ArchiveStore;
  readonly settings: DecryptSettings;
  /** Undefined for the whole archive. */
  readonly range: TimeRange | undefined;
  /** Whether to open the index of every segment. */
  readonly strict: boolean;
  /** Whether an archive without a segment is acceptable, because it will get one. */
  readonly follow: boolean;
  /** The checkpoint of the last segment that was removed at the front. */
  readonly checkpoint: Checkpoint | undefined;
}

/** A segment whose lines are read. */
interface BegunSegment {
  readonly segment: OpenedSegment;
  readonly lines: SegmentLines;
  /** Its digest, which the next segment has confirmed. */
  readonly vouched: Uint8Array | undefined;
}

/** The last segment of an archive so far, for continuing. */
export interface Tail extends Pick<BegunSegment, 'segment' | 'lines'> {
  /** Whether all of its lines that existed were read. */
  isRead: boolean;
}

/** Chosen segments of an archive, among all that existed. */
export interface ListedSegments {
  readonly all: readonly SegmentName[];
  readonly segments: readonly SegmentName[];
}

/**
 * Reads one archive in order: before a line of a segment is returned, all bytes of the segment are compared with the
 * digest in the next one.
 */
export class ArchiveReading {
  readonly archive: string;
  readonly tally: ReadingTally;
  readonly shelf: SegmentShelf;
  readonly #terms: ReadingTerms;
  /** The index up to which missing segments are in a store. */
  #stored: number | undefined;
  /** The place where reading ended. */
  tail: Tail | undefined;
  /** The last segment at the beginning of the reading. */
  last: SegmentName | undefined;

  constructor(terms: ReadingTerms, archive: string) {
    this.#terms = terms;
    this.archive = archive;
    this.shelf = new SegmentShelf(terms.store, archive, terms.settings);
    this.tally = new ReadingTally(archive, this.shelf);
  }

  get watch(): StoreWatch {
    return this.#terms.store.watch;
  }

  /**
   * The names of its segments, or of those after an index. @throws (rejects) SealpipeError `ERR_SEALPIPE_ARCHIVE` if
   * two have the same index
   */
  async list(after?: number): Promise<SegmentName[]> {
    const segments = await steadySegmentsOf(this.#terms.store, this.archive, after);
    assertNoFork(segments);
    return segments;
  }

  /**
   * The batches of lines of the range, up to the current end.
   *
   * @param given all segments, and those to read. Default: the existing ones, and those of the range
   * @throws (rejects) SealpipeError `ERR_SEALPIPE_ARCHIVE`, or the error of opening or reading a segment
   */
  async *batches(given?: ListedSegments): AsyncGenerator<UnitBatch, void, void> {
    const all = given?.all ?? (await this.list());
    const stored = await this.#terms.store.storedElsewhere(this.archive);
    if (all.length === 0 && stored !== undefined && !this.#terms.follow)
      throw noSegment(this.archive, stored);
    this.#stored = stored;
    this.last = all.at(-1);
    this.#assertReaches(all.at(-1)?.index ?? -1);
    const chosen = given?.segments ?? (await this.#choose(all));
    for (const name of chosen) {
      const at = all.findIndex(({ index }) => index === name.index);
      yield* this.#read(all[at - 1], name, all[at + 1]);
    }
  }

  /**
   * Makes a segment that was added later the tail. None of its lines is read. @param before the last segment until then
   */
  async goOn(before: SegmentName | undefined, name: SegmentName): Promise<void> {
    const { segment, lines } = await this.#begin(before, name, undefined);
    this.tail = { segment, lines, isRead: false };
  }

  /**
   * Checks all bytes of a segment against the digest in its successor.
   *
   * @returns their digest
   */
  async vouch(segment: OpenedSegment, next: SegmentName): Promise<Uint8Array> {
    if (next.index !== segment.index + 1) {
      const stored = await this.#terms.store.storedElsewhere(this.archive);
      throw gapBetween(segment.index, next.index, stored);
    }
    if (segment.header.chain.closed === true) {
      throw notOneArchive(`${next.name} follows a segment that closes the archive`);
    }
    const successor = await this.shelf.take(next);
    const at = this.#checkpointAt(segment.index);
    const { digest, prefix } = await digestSegment(segment, segment.header.preambleSize, at?.offset);
    if (!equalBytes(digest, successor.header.chain.previous)) {
      throw notOneArchive(`${segment.name.name} is not the segment that ${next.name} was written after`);
    }
    if (at !== undefined) this.#assertMeets(at, prefix);
    return digest;
  }

  async close(error?: unknown): Promise<void> {
    this.tail = undefined;
    await this.shelf.close(error);
  }

  async #choose(all: readonly SegmentName[]): Promise<readonly SegmentName[]> {
    const { range, strict } = this.#terms;
    if (range === undefined) return all;
    const choose = strict ? chooseByIndexes : hintsIn(all);
    const { way, segments, widened, fromFirst } = await choose(all, range, this.shelf);
    if (fromFirst && all[0] !== undefined) this.#assertFollows(undefined, await this.shelf.take(all[0]));
    this.tally.chose(way, widened);
    return segments;
  }

  async *#read(
    before: SegmentName | undefined,
    name: SegmentName,
    next: SegmentName | undefined,
  ): AsyncGenerator<UnitBatch, void, void> {
    const { segment, lines, vouched } = await this.#begin(before, name, next);
    for await (const batch of lines.batches()) yield this.tally.batch(batch);
    if (vouched !== undefined && lines.torn !== undefined) await assertTorn(segment, lines.torn, vouched);
    this.tally.read(segment, lines, next !== undefined);
    if (next === undefined) this.tail = { segment, lines, isRead: true };
    else await this.shelf.giveBack(segment.index);
  }

  /** Opens a segment and checks its place and its digest, before any of its lines is read. */
  async #begin(
    before: SegmentName | undefined,
    name: SegmentName,
    next: SegmentName | undefined,
  ): Promise<BegunSegment> {
    const segment = await this.shelf.take(name);
    this.#assertFollows(before, segment);
    // Its digest comes before its lines.
    if (next !== undefined || this.#checkpointAt(segment.index) !== undefined) await segment.hold();
    const vouched = next === undefined ? undefined : await this.vouch(segment, next);
    if (vouched === undefined) await this.#checkLast(segment);
    const { range } = this.#terms;
    const index = range === undefined ? undefined : await sealedIndex(segment);
    const lines = new SegmentLines(
      segment,
      this.archive,
      (record) => this.tally.control(record),
      range ?? ALWAYS,
      index?.type === 'index' ? index : undefined,
    );
    return { segment, lines, vouched };
  }

  #assertFollows(before: SegmentName | undefined, { index, header }: OpenedSegment): void {
    if (before !== undefined && before.index !== index - 1)
      throw gapBetween(before.index, index, this.#stored);
    if (before !== undefined || index === 0) return;
    const at = this.#checkpointAt(index - 1);
    if (at === undefined) throw gapBetween(-1, index, this.#stored);
    if (at.closed) throw notOneArchive(`segment ${index} follows one that closed the archive`);
    this.#assertMeets(at, header.chain.previous);
  }

  async #checkLast(segment: OpenedSegment): Promise<void> {
    const at = this.#checkpointAt(segment.index);
    if (at === undefined) return;
    const { prefix } = await digestSegment(segment, segment.header.preambleSize, at.offset);
    this.#assertMeets(at, prefix);
  }

  /** A checkpoint refers to a segment that once existed. */
  #assertReaches(last: number): void {
    const { checkpoint } = this.#terms;
    if (checkpoint?.archive !== this.archive || checkpoint.index <= last) return;
    throw notOneArchive(`segment ${checkpoint.index}, which the checkpoint is of, is missing`);
  }

  #checkpointAt(index: number): Checkpoint | undefined {
    const { checkpoint } = this.#terms;
    return checkpoint?.archive === this.archive && checkpoint.index === index ? checkpoint : undefined;
  }

  #assertMeets({ index, digest }: Checkpoint, there: Uint8Array | undefined): void {
    if (there !== undefined && Buffer.from(there).toString('hex') === digest) return;
    throw notOneArchive(`segment ${index} is not what the checkpoint says`);
  }
}

/** Names in a bucket have no times. */
function hintsIn(all: readonly SegmentName[]): typeof chooseByNames {
  return all.some(({ range }) => range === undefined) ? chooseByBisection : chooseByNames;
}
