import { notAuthentic } from '../../frames/frame-errors.js';
import { inSegment } from '../archive/reading/segment-fault.js';
import { assertTorn } from '../archive/reading/torn-check.js';
import type { SegmentName } from '../archive/segment-name.js';
import type { ArchiveReading } from './archive-reading.js';
import type { UnitBatch } from './log-batch.js';

/** How long new bytes may fail to verify: some systems show the new size of a file before its bytes. */
const PATIENCE = 2_000;

/** Follows an archive from its current end, from segment to segment. */
export class ArchiveFollow {
  readonly reading: ArchiveReading;
  /** The last segment so far, or undefined. */
  #last: SegmentName | undefined;
  /** The name of the segment that has confirmed the digest of the last one, until it is the last one itself. */
  #confirmedBy: string | undefined;
  #listed = 0;
  #finalSince: number | undefined;
  #damagedSince: number | undefined;

  /** @param reading a reading that has reached the current end */
  constructor(reading: ArchiveReading) {
    this.reading = reading;
    this.#last = reading.last;
  }

  /** Whether nothing will follow. */
  get isOver(): boolean {
    const { tail } = this.reading;
    return tail?.lines.isFinal === true && tail.segment.header.chain.closed === true;
  }

  /**
   * The batches that were added since. After a failure it may be called again, and goes on without a gap.
   *
   * @throws (rejects) the errors of reading an archive; SealpipeError `ERR_SEALPIPE_AUTHENTICATION` if added bytes do
   * not verify
   */
  async *look(): AsyncGenerator<UnitBatch, void, void> {
    yield* this.#more();
    for (let next = await this.#next(); next !== undefined; next = await this.#next()) {
      // The segment grew until its successor existed, and not since.
      yield* this.#more();
      await this.#leave(next);
      await this.reading.goOn(this.#last, next);
      this.#last = next;
      this.#finalSince = undefined;
      this.#damagedSince = undefined;
      yield* this.#more();
    }
    this.#assertSound();
  }

  /** Compares the last segment with the digest in the next one. */
  async #leave(next: SegmentName): Promise<void> {
    const { tail, shelf, tally } = this.reading;
    if (this.#last === undefined || this.#confirmedBy === next.name) return;
    const segment = tail?.segment ?? (await shelf.take(this.#last));
    const vouched = await this.reading.vouch(segment, next);
    if (tail !== undefined) {
      const { torn } = tail.lines;
      if (torn !== undefined) await assertTorn(segment, torn, vouched);
      tally.read(segment, tail.lines, true);
    }
    this.reading.tail = undefined;
    this.#confirmedBy = next.name;
    await shelf.giveBack(segment.index);
  }

  async *#more(): AsyncGenerator<UnitBatch, void, void> {
    const { tail, tally, watch } = this.reading;
    if (tail === undefined || (tail.isRead && (tail.lines.isFinal || !watch.grows))) return;
    for await (const batch of tail.lines.batches()) yield tally.batch(batch);
    tally.read(tail.segment, tail.lines, false);
    tail.isRead = true;
  }

  async #next(): Promise<SegmentName | undefined> {
    const now = performance.now();
    if (this.reading.tail?.lines.isFinal) this.#finalSince ??= now;
    const { watch } = this.reading;
    const isNear = this.#finalSince !== undefined && now - this.#finalSince < watch.listAtOnce;
    if (!isNear && now - this.#listed < watch.list) return undefined;
    this.#listed = now;
    const last = this.#last?.index;
    return (await this.reading.list(last)).find(({ index }) => index > (last ?? -1));
  }

  #assertSound(): void {
    const { tail, watch } = this.reading;
    // A segment that no longer grows is torn: the next segment confirms its digest, or does not.
    if (!watch.grows || !tail?.lines.torn?.damaged) {
      this.#damagedSince = undefined;
      return;
    }
    this.#damagedSince ??= performance.now();
    if (performance.now() - this.#damagedSince > PATIENCE) {
      throw inSegment(notAuthentic(), tail.segment.name.name);
    }
  }
}
