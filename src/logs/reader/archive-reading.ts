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

/** What the reading of an archive is told. */
export interface ReadingTerms {
  readonly store: ArchiveStore;
  readonly settings: DecryptSettings;
  /** Undefined for all of it. */
  readonly range: TimeRange | undefined;
  /** The index of every segment is opened. */
  readonly strict: boolean;
  /** An archive without a segment will have one. */
  readonly follow: boolean;
  /** Of the last segment that was removed at the front. */
  readonly checkpoint: Checkpoint | undefined;
}

/** The last segment of an archive as far as it was there, to be gone on with. */
export interface Tail {
  readonly segment: OpenedSegment;
  readonly lines: SegmentLines;
}

/** Some segments of an archive, among all that were there. */
export interface ListedSegments {
  readonly all: readonly SegmentName[];
  readonly segments: readonly SegmentName[];
}

/** Reads one archive in order: before a line of a segment is given, the segment after it vouches for all of its bytes. */
export class ArchiveReading {
  readonly archive: string;
  readonly tally: ReadingTally;
  readonly shelf: SegmentShelf;
  readonly #terms: ReadingTerms;
  /** Up to which index segments that are not here are in a store. */
  #stored: number | undefined;
  /** Where the reading ended. */
  tail: Tail | undefined;
  /** The last segment that was there when the reading began. */
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

  /** The names of its segments, or of those behind an index. @throws (rejects) SealpipeError `ERR_SEALPIPE_ARCHIVE` for two of one index */
  async list(after?: number): Promise<SegmentName[]> {
    const segments = await steadySegmentsOf(this.#terms.store, this.archive, after);
    assertNoFork(segments);
    return segments;
  }

  /**
   * The batches of lines of the range, up to the end of what is there.
   *
   * @param given all segments, and those to be read. Default: what is there, and those of the range
   * @throws (rejects) SealpipeError `ERR_SEALPIPE_ARCHIVE`, or what opening and reading a segment fails with
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

  /** The batches of a segment that came later. @param before the one that was the last until then */
  async *readOn(before: SegmentName | undefined, name: SegmentName): AsyncGenerator<UnitBatch, void, void> {
    yield* this.#read(before, name, undefined);
  }

  /**
   * Makes sure that the successor of a segment vouches for all of its bytes.
   *
   * @returns their digest
   */
  async vouch(segment: OpenedSegment, next: SegmentName): Promise<Uint8Array> {
    if (next.index !== segment.index + 1) throw gapBetween(segment.index, next.index);
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
    const segment = await this.shelf.take(name);
    this.#assertFollows(before, segment);
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
    for await (const batch of lines.batches()) yield this.tally.batch(batch);
    if (vouched !== undefined && lines.torn !== undefined) await assertTorn(segment, lines.torn, vouched);
    this.tally.read(segment, lines, next !== undefined);
    if (next === undefined) this.tail = { segment, lines };
    else await this.shelf.giveBack(segment.index);
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

  /** A checkpoint is of a segment that was there once. */
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

/** Names in a bucket say nothing of times. */
function hintsIn(all: readonly SegmentName[]): typeof chooseByNames {
  return all.some(({ range }) => range === undefined) ? chooseByBisection : chooseByNames;
}
