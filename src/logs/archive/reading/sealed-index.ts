import { readU32 } from '../../../bytes.js';
import { EMPTY_RECORD_SIZE, FINAL } from '../../../frames/layout.js';
import type { IndexUnit } from '../../units/unit.js';
import { decodeUnit } from '../../units/unit.js';
import { HEAD_SIZE } from '../../units/unit-limits.js';
import type { OpenedSegment } from './opened-segment.js';
import { inSegment } from './segment-fault.js';

const LEAST_FRAME = EMPTY_RECORD_SIZE + HEAD_SIZE;
/** How many numbers are tried for the last frame: much cheaper than reading the segment. */
const MOST_TRIALS = 65_536;

/** The end of a segment, found without reading it: its time index, or that it has no unit. */
export type SealedIndex = IndexUnit | { readonly type: 'empty' };

/**
 * Finds the time index of a segment (LOGS 6): the number of the last frame by trial, and the frame before it by its word.
 *
 * @returns undefined if only reading the segment can tell: it is torn or has no index
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_FORMAT` or `_UNSUPPORTED` for a malformed index
 */
export async function sealedIndex(segment: OpenedSegment): Promise<SealedIndex | undefined> {
  const { opener, header } = segment;
  const size = await segment.size();
  const start = Math.max(header.preambleSize, size - EMPTY_RECORD_SIZE - opener.most);
  if (size - header.preambleSize < EMPTY_RECORD_SIZE) return undefined;
  const tail = await segment.read(start, size);
  const end = tail.length - EMPTY_RECORD_SIZE;
  const last = lastNumber(segment, tail.subarray(end), size);
  if (last === undefined) return undefined;
  if (last === 0) return end === 0 ? { type: 'empty' } : undefined;
  for (let at = end - LEAST_FRAME; at >= 0; at--) {
    if (readU32(tail, at) !== end - at - EMPTY_RECORD_SIZE) continue;
    const place = { index: last - 1, offset: 0, plaintext: 0 };
    const { plaintext, fault } = opener.open(place, tail.subarray(at, end));
    if (fault !== undefined || plaintext.length === 0) continue;
    try {
      const unit = decodeUnit(plaintext, segment.coding);
      return unit.type === 'index' ? unit : undefined;
    } catch (error) {
      throw inSegment(error, segment.name.name);
    }
  }
  return undefined;
}

function lastNumber({ opener, header }: OpenedSegment, frame: Uint8Array, size: number): number | undefined {
  if (readU32(frame, 0) !== FINAL) return undefined;
  const most = Math.floor((size - header.preambleSize - EMPTY_RECORD_SIZE) / LEAST_FRAME);
  for (let number = 0; number <= Math.min(most, MOST_TRIALS); number++) {
    if (opener.verifies(number, frame)) return number;
  }
  return undefined;
}
