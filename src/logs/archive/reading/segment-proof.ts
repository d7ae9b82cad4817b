import { SegmentDigest } from '../segment-digest.js';
import type { ReadableSegment } from './segment-windows.js';
import { SegmentWindows } from './segment-windows.js';

/** The digests of a segment (FORMAT 8). */
export interface SegmentDigests {
  /** Of the whole segment. */
  readonly digest: Buffer;
  /** Bytes after the preamble. */
  readonly offset: number;
  /** Up to the requested offset; undefined if the segment is shorter. */
  readonly prefix: Buffer | undefined;
}

/**
 * Digests a segment, whose preamble must be legal.
 *
 * @param at an offset after the preamble, up to which a second digest is computed
 */
export async function digestSegment(
  segment: ReadableSegment,
  preambleSize: number,
  at?: number,
): Promise<SegmentDigests> {
  const digest = new SegmentDigest();
  const size = await segment.size();
  const stop = at === undefined ? size : preambleSize + at;
  const windows = new SegmentWindows(segment, 0, size);
  let prefix: Buffer | undefined;
  let position = 0;
  try {
    for (let bytes = await windows.next(); bytes !== undefined; bytes = await windows.next()) {
      const before = Math.min(bytes.length, Math.max(0, stop - position));
      digest.update(bytes.subarray(0, before));
      position += bytes.length;
      if (position - bytes.length + before === stop) prefix ??= digest.digest();
      digest.update(bytes.subarray(before));
    }
  } finally {
    await windows.close();
  }
  return { digest: digest.digest(), offset: digest.offset, prefix };
}
