import { NOTHING } from '../../../bytes.js';
import { malformed } from '../../../format/malformed.js';
import { notAuthentic, trailingData } from '../../../frames/frame-errors.js';
import { WORD_SIZE } from '../../../frames/layout.js';
import type { RecordPlace } from '../../../frames/openers/record-opener.js';
import type { Unit } from '../../units/unit.js';
import { decodeUnit } from '../../units/unit.js';
import { illegal } from '../../units/unit-faults.js';
import { FrameCuts } from './frame-cuts.js';
import type { OpenedSegment } from './opened-segment.js';
import { inSegment } from './segment-fault.js';
import { SegmentWindows } from './segment-windows.js';

/** A unit, and the place of its frame. */
export interface PlacedUnit {
  readonly unit: Unit;
  readonly frame: number;
  /** Bytes between the preamble and the frame. */
  readonly offset: number;
}

/** Where a segment ended, without its last frame. */
export interface TornEnd {
  /** The end of the last frame that verified, in bytes after the preamble. */
  readonly offset: number;
  /** Bytes of the segment after that. */
  readonly unread: number;
  /** They cannot be the beginning of a frame: they do not verify. */
  readonly damaged: boolean;
}

/** Reads the units of one segment in order. If the segment grows, reading can continue. */
export class SegmentUnits {
  readonly #segment: OpenedSegment;
  readonly #onBytes: (bytes: Uint8Array) => void;
  /** Offsets are from the beginning of the file. */
  #place: RecordPlace;
  #hasIndex = false;
  #isFinal = false;
  #torn: TornEnd | undefined;

  /**
   * @param from a frame boundary. Default: the first frame
   * @param onBytes receives all bytes read, before they are opened
   */
  constructor(
    segment: OpenedSegment,
    from: { frame: number; offset: number } = { frame: 0, offset: 0 },
    onBytes: (bytes: Uint8Array) => void = () => undefined,
  ) {
    this.#segment = segment;
    this.#onBytes = onBytes;
    const { preambleSize } = segment.header;
    this.#place = { index: from.frame, offset: preambleSize + from.offset, plaintext: 0 };
  }

  /** The last frame has verified. */
  get isFinal(): boolean {
    return this.#isFinal;
  }

  /** The end of the last frame that verified, in bytes after the preamble. */
  get offset(): number {
    return this.#place.offset - this.#segment.header.preambleSize;
  }

  /** The place where the last walk ended, unless it reached the last frame. */
  get torn(): TornEnd | undefined {
    return this.#torn;
  }

  /**
   * The available units, from the current place on.
   *
   * @param end an offset after the preamble at which the walk stops. Default: none
   * @throws (rejects) SealpipeError `ERR_SEALPIPE_FORMAT`, `_UNSUPPORTED`, `_LIMIT` or `_TRAILING_DATA`; an AbortError
   */
  async *walk(end = Number.POSITIVE_INFINITY): AsyncGenerator<PlacedUnit, void, void> {
    try {
      yield* this.#walk(end);
    } catch (error) {
      throw inSegment(error, this.#segment.name.name);
    }
  }

  async *#walk(end: number): AsyncGenerator<PlacedUnit, void, void> {
    const segment = this.#segment;
    const size = await segment.size();
    const stop = segment.header.preambleSize + end;
    const windows = new SegmentWindows(segment, this.#place.offset, size, stop, segment.opener.most);
    const cuts = new FrameCuts(segment.opener);
    let held: Uint8Array = NOTHING;
    try {
      while (this.#mayBegin(held)) {
        const window = await windows.next();
        if (window === undefined) break;
        this.#onBytes(window);
        cuts.take(window);
        for (let frame = cuts.next(); frame !== undefined; frame = cuts.next()) {
          if (this.#place.offset >= stop) return;
          const unit = this.#open(frame);
          if (unit === undefined) {
            this.#end(size);
            return;
          }
          if (unit !== null) yield unit;
        }
        held = cuts.keep();
      }
    } finally {
      await windows.close();
    }
    if (this.#place.offset < stop) this.#tear(size, !this.#mayBegin(held));
  }

  /** Whether these bytes, fewer than a frame, can be the beginning of one. A power cut may leave zeros. */
  #mayBegin(held: Uint8Array): boolean {
    const { opener } = this.#segment;
    return held.length < WORD_SIZE ? opener.mayBegin(held) : opener.lengthAt(held, 0) !== undefined;
  }

  /** @returns the unit; null for the last frame; undefined if the segment ends here or after it */
  #open(frame: Uint8Array): PlacedUnit | null | undefined {
    const { opener, header, coding } = this.#segment;
    const { index, offset } = this.#place;
    const { plaintext, next, isFinal, fault } = opener.open(this.#place, frame);
    if (fault !== undefined) {
      if (!isTear(fault)) throw fault;
      return undefined;
    }
    if (plaintext.length > 0 && header.chain.closed) {
      throw malformed('the segment that closes an archive has plaintext');
    }
    if (isFinal) {
      if (plaintext.length > 0) throw illegal('its last frame is not empty');
      this.#isFinal = true;
      this.#place = next;
      return undefined;
    }
    if (this.#hasIndex) throw illegal('a unit behind its time index');
    const unit = decodeUnit(plaintext, coding);
    this.#hasIndex = unit.type === 'index';
    this.#place = next;
    return { unit, frame: index, offset: offset - header.preambleSize };
  }

  #end(size: number): void {
    if (!this.#isFinal) this.#tear(size, true);
    else if (this.#place.offset < size) throw trailingData();
    else this.#torn = undefined;
  }

  #tear(size: number, damaged: boolean): void {
    const { offset } = this.#place;
    const { preambleSize } = this.#segment.header;
    this.#torn = { offset: offset - preambleSize, unread: Math.max(0, size - offset), damaged };
  }
}

const TEAR = notAuthentic().code;

/** Whether a frame is refused because it is not what its writer wrote. Otherwise the segment is malformed. */
function isTear(fault: Error): boolean {
  return 'code' in fault && fault.code === TEAR;
}
